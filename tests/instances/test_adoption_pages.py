"""Pages and API of servers that somebody else runs."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings
from rest_framework.test import APIClient

from instances.models import Instance, TheirServer
from instances.states import Health, Status, Wish
from tests import somebody_elses
from tests.access.matrix import client_of
from tests.clients import browser
from tests.conftest import Cast
from tests.somebody_elses import HERE, Theirs, certificate, with_tls

ADOPT = "/orgs/acme/instances/adopt/"
HTMX = {"HX-Request": "true"}


@pytest.fixture(scope="module")
def server() -> Iterator[Theirs]:
    with somebody_elses.running() as theirs:
        yield theirs


@pytest.fixture
def theirs(server: Theirs, settings: Settings) -> Theirs:
    settings.EXTERNAL_NETWORKS = HERE.networks
    return server


def typed(theirs: Theirs, user: str = "worker", **more: Any) -> dict[str, Any]:
    url = f"redis://{user}@127.0.0.1:{theirs.port}/0"
    return {"name": "Theirs", "url": url, "password": somebody_elses.PASSWORD, **more}


def made_by_page(cast: Cast, theirs: Theirs) -> Instance:
    response = browser(cast.developer).post(ADOPT, typed(theirs))
    assert response.status_code == 302, response.content.decode()
    instance = Instance.objects.get()
    instance.status, instance.health = Status.RUNNING, Health.HEALTHY
    instance.save()
    return instance


def test_check_says_what_was_found_and_makes_nothing(cast: Cast, theirs: Theirs) -> None:
    response = browser(cast.developer).post(ADOPT, typed(theirs, step="check"), headers=HTMX)
    page = response.content.decode()
    assert response.status_code == 200
    assert "The user worker may read and write." in page
    assert somebody_elses.PASSWORD not in page.replace("Theirs", "")
    assert not Instance.objects.exists()


def test_adopted_server_has_a_page_that_offers_what_fits(cast: Cast, theirs: Theirs) -> None:
    instance = made_by_page(cast, theirs)
    page = browser(cast.developer).get(f"/orgs/acme/instances/{instance.slug}/").content.decode()
    assert "Pause access" in page
    assert "Restart" not in page
    assert "Valkey" in page
    assert "somebody else runs it" in page.lower()
    assert somebody_elses.PASSWORD + "@" not in page
    assert "/console/" not in page


def test_paused_server_offers_to_resume(cast: Cast, theirs: Theirs) -> None:
    instance = made_by_page(cast, theirs)
    Instance.objects.update(wish=Wish.STOPPED, status=Status.STOPPED)
    page = browser(cast.developer).get(f"/orgs/acme/instances/{instance.slug}/").content.decode()
    assert "Resume access" in page
    assert "Access is paused" in page


def test_page_of_the_address_never_shows_the_password(cast: Cast, theirs: Theirs) -> None:
    instance = made_by_page(cast, theirs)
    where = f"/orgs/acme/instances/{instance.slug}/server/"
    page = browser(cast.developer).get(where).content.decode()
    assert f"redis://worker@127.0.0.1:{theirs.port}/0" in page
    assert f'value="{somebody_elses.PASSWORD}"' not in page
    url = f"redis://worker@127.0.0.1:{theirs.port}/4"
    assert browser(cast.developer).post(where, {"url": url}).status_code == 302
    assert TheirServer.objects.get().database == 4
    refused = browser(cast.developer).post(where, {"url": url.replace("worker", "boss")})
    assert refused.status_code == 422
    assert "user or the password" in refused.content.decode()


def test_certificate_is_uploaded(cast: Cast, theirs: Theirs) -> None:
    shown = certificate()
    with with_tls(theirs.port, shown) as port:
        upload = SimpleUploadedFile("ca.pem", shown.pem.encode())
        form = typed(theirs, url=f"rediss://worker@127.0.0.1:{port}/0", ca_certificate=upload)
        response = browser(cast.developer).post(ADOPT, form)
    assert response.status_code == 302, response.content.decode()
    assert TheirServer.objects.get().ca_pem == shown.pem


def test_refusal_stands_on_the_form(cast: Cast, theirs: Theirs) -> None:
    client = browser(cast.developer)
    for change, words in (
        ({"password": "wrong"}, "user or the password"),
        ({"name": ""}, "name"),
        ({"manage_users": "on"}, "may not manage users"),
        ({"url": "redis://169.254.169.254"}, "never connects"),
        ({"url": ""}, "Give the server"),
    ):
        response = client.post(ADOPT, typed(theirs, **change))
        assert response.status_code == 422, change
        assert words in response.content.decode().replace("&#x27;", "'")
    assert not Instance.objects.exists()


def test_list_links_to_adopting_and_shows_their_address(cast: Cast, theirs: Theirs) -> None:
    made_by_page(cast, theirs)
    page = browser(cast.viewer).get("/orgs/acme/instances/").content.decode()
    assert f"127.0.0.1:{theirs.port}" in page
    assert ADOPT not in page
    assert ADOPT in browser(cast.developer).get("/orgs/acme/instances/").content.decode()


def api(cast: Cast) -> tuple[Client | APIClient, str]:
    return client_of(cast.developer, "bearer"), f"/api/organizations/{cast.acme.id}/instances"


def test_api_checks_adopts_and_moves(cast: Cast, theirs: Theirs) -> None:
    client, path = api(cast)
    place = {"url": theirs.url("worker")}
    checked = client.post(f"{path}/check-server", place, format="json")
    assert checked.status_code == 200, checked.content
    assert checked.json()["findings"]["may_write"] is True
    wish = {"provisioner": "external", "name": "Theirs", **place}
    made = client.post(path, wish, format="json")
    assert made.status_code == 201, made.content
    answer = made.json()
    assert (answer["provisioner"], answer["memory_mb"], answer["redis_url"]) == (
        "external",
        0,
        None,
    )
    assert (answer["host"], answer["port"]) == ("127.0.0.1", theirs.port)
    assert "theirs@" not in made.content.decode()
    moved = client.put(f"{path}/{answer['id']}/address", {"url": theirs.url("boss")}, format="json")
    assert moved.status_code == 202, moved.content
    assert TheirServer.objects.get().user == "boss"


def test_api_refuses_what_is_not_asked_for(cast: Cast, theirs: Theirs) -> None:
    client, path = api(cast)
    wish = {"provisioner": "external", "name": "T", "url": theirs.url(), "memory_mb": 64}
    refused = client.post(path, wish, format="json")
    assert refused.status_code == 400
    assert not Instance.objects.exists()


def test_switched_off_is_said(cast: Cast, settings: Settings) -> None:
    settings.EXTERNAL_INSTANCES = False
    assert browser(cast.developer).get(ADOPT).status_code == 403


def test_connection_is_tested_at_their_address(cast: Cast, theirs: Theirs) -> None:
    instance = made_by_page(cast, theirs)
    client, path = api(cast)
    tested = client.post(f"{path}/{instance.id}/test-connection")
    assert tested.json()["ok"] is True, tested.content
    TheirServer.objects.update(port=somebody_elses.free_port())
    tested = client.post(f"{path}/{instance.id}/test-connection")
    assert "Nothing listens" in tested.json()["problem"]
    page = browser(cast.developer).post(
        f"/orgs/acme/instances/{instance.slug}/test-connection/", headers=HTMX
    )
    assert "Nothing listens" in page.content.decode()
