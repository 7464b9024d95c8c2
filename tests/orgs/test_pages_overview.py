"""The page on which people land."""

from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from apikeys import services as keys
from orgs import first_command
from tests.clients import browser
from tests.conftest import Cast, actor
from tests.instances.rows import make_instance


def overview(user: User) -> str:
    response = browser(user).get("/orgs/acme/")
    assert response.status_code == 200
    return response.content.decode()


def test_first_page_has_one_clear_action(cast: Cast) -> None:
    text = overview(cast.owner)
    assert text.count("btn-primary") == 1
    assert 'action="/orgs/acme/start/"' in text
    assert "/orgs/acme/instances/new/" in text


def test_viewer_of_an_empty_organization_is_told_whom_to_ask(cast: Cast) -> None:
    text = overview(cast.viewer)
    assert "btn-primary" not in text
    assert "Ask a developer, admin or owner" in text


def test_with_an_instance_the_next_step_is_a_key(cast: Cast) -> None:
    make_instance(cast.acme)
    text = overview(cast.owner)
    assert "Create an API key" in text
    assert 'id="instances"' in text


def test_with_a_key_the_next_step_is_a_command(cast: Cast) -> None:
    make_instance(cast.acme)
    keys.create(actor(cast.owner), cast.acme, name="Web", scopes=["write"])
    text = overview(cast.owner)
    assert "Run your first command" in text
    assert "/orgs/acme/start/" in text


def test_whoever_joins_later_is_not_bothered_with_first_steps(cast: Cast) -> None:
    make_instance(cast.acme)
    keys.create(actor(cast.owner), cast.acme, name="Web", scopes=["write"])
    first_command.note({cast.acme.pk: timezone.now()})
    text = overview(cast.viewer)
    assert "/orgs/acme/start/" not in text
    assert "/orgs/acme/instances/example/" in text


def test_example_is_a_curl_on_the_running_instance(cast: Cast) -> None:
    make_instance(cast.acme, "A stopped one", status="stopped", wish="stopped")
    running = make_instance(cast.acme, "Running")
    client = Client()
    client.force_login(cast.viewer)
    text = client.get("/orgs/acme/instances/example/").content.decode()
    assert f"/redis/{running.id}/set/hello/world" in text


def test_overview_costs_a_constant_number_of_queries(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_instance(cast.acme)
    client = Client()
    client.force_login(cast.owner)
    # Session, person, membership, two steps, switcher; and thirteen of the rooms above.
    with django_assert_num_queries(19):
        response = client.get("/orgs/acme/")
    assert response.status_code == 200


def test_overview_only_answers_get(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.owner)
    assert client.post("/orgs/acme/").status_code == 405
