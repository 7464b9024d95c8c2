"""The pages of instances, as each of the cast sees them."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from instances.models import Instance
from instances.states import Health, Status, Wish
from tests.clients import browser
from tests.conftest import Cast
from tests.instances.rows import make_instance

LIST = "/orgs/acme/instances/"
NEW = "/orgs/acme/instances/new/"
HTMX = {"HX-Request": "true"}


def page(user: User, url: str, **headers: str) -> str:
    response = browser(user).get(url, headers=headers)
    assert response.status_code == 200
    return response.content.decode()


def url_of(instance: Instance, name: str = "detail") -> str:
    return reverse(f"instances:{name}", args=["acme", instance.id])


def test_empty_list_teaches_and_offers_the_one_action(cast: Cast) -> None:
    text = page(cast.developer, LIST)
    assert "No instances yet" in text
    assert NEW in text


def test_empty_list_tells_viewers_whom_to_ask(cast: Cast) -> None:
    text = page(cast.viewer, LIST)
    assert "Ask a developer" in text
    assert NEW not in text


def test_list_shows_what_an_instance_is(cast: Cast) -> None:
    instance = make_instance(cast.acme, memory_mb=1500)
    text = page(cast.viewer, LIST)
    for seen in ("Sessions", "Running", "Store", "1,500 MB", f"127.0.0.1:{instance.port}"):
        assert seen in text


def test_list_for_htmx_is_the_table_alone(cast: Cast) -> None:
    make_instance(cast.acme)
    text = page(cast.viewer, LIST, **{"HX-Request": "true", "HX-Target": "instances"})
    assert text.count("<tr id=") == 1
    assert "<html" not in text


@pytest.mark.parametrize("count", [1, 30])
def test_list_costs_the_same_for_one_and_for_thirty(
    cast: Cast, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    cast.acme.quota.__class__.objects.update(instances_limit=50, memory_mb_limit=99999)
    for number in range(count):
        make_instance(cast.acme, f"Cache {number}")
    client = browser(cast.owner)
    with django_assert_num_queries(6):  # session, person, membership, lines, rows, switcher
        response = client.get(LIST)
    assert response.content.count(b"Cache ") >= count


@pytest.mark.parametrize("role", ["owner", "admin", "developer"])
def test_who_operates_instances_sees_the_buttons(cast: Cast, role: str) -> None:
    instance = make_instance(cast.acme)
    text = page(getattr(cast, role), LIST)
    for name in ("stop", "restart", "delete"):
        assert url_of(instance, name) in text
    assert url_of(instance, "start") not in text


def test_viewer_sees_no_button_that_they_may_not_press(cast: Cast) -> None:
    instance = make_instance(cast.acme)
    for text in (page(cast.viewer, LIST), page(cast.viewer, url_of(instance))):
        for name in ("start", "stop", "restart", "delete"):
            assert url_of(instance, name) not in text


@pytest.mark.parametrize("name", ["detail", "row", "delete"])
def test_outsider_finds_nothing(cast: Cast, name: str) -> None:
    instance = make_instance(cast.acme)
    client = browser(cast.outsider)
    assert client.get(LIST).status_code == 404
    assert client.get(url_of(instance, name)).status_code == 404
    assert client.get("/orgs/acme/").status_code == 404


@pytest.mark.parametrize("name", ["detail", "row", "delete"])
def test_instance_of_another_organization_is_not_found(cast: Cast, name: str) -> None:
    foreign = make_instance(cast.globex)
    assert browser(cast.owner).get(url_of(foreign, name)).status_code == 404


def test_anonymous_is_sent_to_sign_in(client: Client, cast: Cast) -> None:
    instance = make_instance(cast.acme)
    for url in ("/orgs/acme/", LIST, NEW, url_of(instance)):
        response = client.get(url)
        assert response.status_code == 302
        assert response["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("name", ["start", "stop", "restart", "test_connection"])
def test_buttons_answer_only_post(cast: Cast, name: str) -> None:
    instance = make_instance(cast.acme)
    assert browser(cast.owner).get(url_of(instance, name)).status_code == 405


@pytest.mark.parametrize("name", ["list", "example"])
def test_lists_answer_only_get(cast: Cast, name: str) -> None:
    url = reverse(f"instances:{name}", args=["acme"])
    assert browser(cast.owner).post(url).status_code == 405


def test_detail_is_found_by_id_and_by_slug(cast: Cast) -> None:
    make_instance(cast.acme, "My cache")
    assert "My cache" in page(cast.viewer, "/orgs/acme/instances/my-cache/")


def test_detail_shows_addresses_facts_and_code(cast: Cast) -> None:
    instance = make_instance(cast.acme)
    text = page(cast.developer, url_of(instance))
    for seen in (f"/redis/{instance.id}", "noeviction", "Append-only file", "go-redis", "Healthy"):
        assert seen in text


def test_password_is_shown_to_developers_and_never_to_viewers(cast: Cast) -> None:
    instance = make_instance(cast.acme)
    assert instance.password in page(cast.developer, url_of(instance))
    assert instance.password not in page(cast.viewer, url_of(instance))


def test_settings_of_tls_are_told_to_operators_alone(cast: Cast) -> None:
    url = url_of(make_instance(cast.acme))
    text = page(cast.owner, url)
    assert "use this address inside your own network" in text
    assert "INSTANCE_TLS_CERT" not in text
    cast.owner.is_staff = True
    cast.owner.save()
    assert "INSTANCE_TLS_CERT" in page(cast.owner, url)


def test_page_with_a_password_is_not_kept_by_browsers(cast: Cast) -> None:
    response = browser(cast.owner).get(url_of(make_instance(cast.acme)))
    assert "no-store" in response["Cache-Control"]


def test_failed_instance_shows_the_last_words_and_the_way_out(cast: Cast) -> None:
    instance = make_instance(
        cast.acme, status=Status.ERROR, health=Health.UNKNOWN, status_detail="Can't bind <socket>"
    )
    text = page(cast.developer, url_of(instance))
    assert "Can&#x27;t bind &lt;socket&gt;" in text
    assert "Press Restart to try again" in text
    assert "Ask a developer" in page(cast.viewer, url_of(instance))


def test_crash_is_told_while_it_is_fresh(cast: Cast) -> None:
    instance = make_instance(cast.acme, crashes=2)
    text = page(cast.viewer, url_of(instance))
    assert "The server crashed and is back" in text
    assert "crash number 2" in text


def test_stopped_instance_says_what_is_kept(cast: Cast) -> None:
    instance = make_instance(cast.acme, status=Status.STOPPED, wish=Wish.STOPPED)
    text = page(cast.developer, url_of(instance))
    assert "Its data, its address and its keys are kept" in text
    assert url_of(instance, "start") in text


def test_poll_of_a_deleted_instance_says_so_and_leads_back(cast: Cast) -> None:
    instance = make_instance(cast.acme)
    gone = url_of(instance)
    instance.delete()
    text = page(cast.viewer, gone, **{"HX-Request": "true", "HX-Target": "instance-live"})
    assert "This instance was deleted" in text
    assert LIST in text
    assert browser(cast.viewer).get(gone).status_code == 404


def test_odd_name_is_escaped_everywhere(cast: Cast) -> None:
    instance = make_instance(cast.acme, "<script>alert(1)</script>", slug="odd")
    for url in (LIST, url_of(instance), url_of(instance, "delete")):
        assert "<script>alert" not in page(cast.owner, url)
