"""ETag and If-Match: nobody overwrites what they haven't seen."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from rest_framework.test import APIClient

from instances import services
from instances.models import Instance
from orgs.models import Organization
from sso import discovery
from tests import clients
from tests.conftest import Cast
from tests.rows import add_instance

RIVALS = 6


def url_of(cast: Cast) -> str:
    return f"/api/organizations/{cast.acme.id}"


def test_what_is_known_already_is_not_sent_again(cast: Cast, program: APIClient) -> None:
    etag = program.get(url_of(cast))["ETag"]
    again = program.get(url_of(cast), headers={"If-None-Match": f'"x", {etag}'})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)


def test_change_makes_another_version(cast: Cast, program: APIClient) -> None:
    before = program.get(url_of(cast))["ETag"]
    changed = program.patch(url_of(cast), {"description": "Ours"}, headers={"If-Match": before})
    assert changed.status_code == 200
    assert changed["ETag"] == program.get(url_of(cast))["ETag"] != before
    late = program.patch(url_of(cast), {"name": "Late"}, headers={"If-Match": before})
    assert (late.status_code, late.json()["code"]) == (412, "changed_meanwhile")
    assert Organization.objects.get(pk=cast.acme.pk).name == "Acme"


def test_delete_spares_what_was_changed_meanwhile(cast: Cast, program: APIClient) -> None:
    before = program.get(url_of(cast))["ETag"]
    program.patch(url_of(cast), {"description": "Needed"})
    late = program.delete(url_of(cast), headers={"If-Match": before})
    assert late.status_code == 412
    assert program.delete(url_of(cast), headers={"If-Match": "*"}).status_code == 204


def test_what_a_server_does_is_seen_but_is_no_new_version(cast: Cast, program: APIClient) -> None:
    instance = add_instance(cast.acme, "cache")
    url = f"{url_of(cast)}/instances/{instance.id}"
    etag = program.get(url)["ETag"]
    Instance.objects.filter(pk=instance.pk).update(status="running")
    assert program.get(url, headers={"If-None-Match": etag}).status_code == 200
    renamed = program.patch(url, {"name": "sessions"}, headers={"If-Match": etag})
    assert renamed.status_code == 200


@pytest.mark.parametrize("header", ["rubbish", '"a" "b"', '"a",', "", '*, "a"', 'W/"a'])
def test_what_is_no_etag_is_told_so(cast: Cast, program: APIClient, header: str) -> None:
    refused = program.patch(url_of(cast), {"name": "Late"}, headers={"If-Match": header})
    assert (refused.status_code, refused.json()["code"]) == (400, "unreadable_version")
    for stale in ('"a"', 'W/"a" , "b"'):
        late = program.patch(url_of(cast), {"name": "Late"}, headers={"If-Match": stale})
        assert late.status_code == 412


def test_address_that_cannot_be_read_has_no_version(cast: Cast, program: APIClient) -> None:
    instance = add_instance(cast.acme, "cache")
    url = f"{url_of(cast)}/instances/{instance.id}/rotate-password"
    response = program.delete(url, headers={"If-Match": '"a"'})
    assert (response.status_code, response.json()["code"]) == (400, "no_version")


@pytest.mark.django_db(transaction=True)
def test_of_rivals_with_one_version_one_wins(cast: Cast) -> None:
    url, start = url_of(cast), Barrier(RIVALS)
    etag = clients.program(cast.owner).get(url)["ETag"]

    def change(number: int) -> int:
        program = clients.program(cast.owner)
        start.wait(10)
        answer = program.patch(url, {"name": f"Acme {number}"}, headers={"If-Match": etag})
        connection.close()
        return int(answer.status_code)

    with ThreadPoolExecutor(RIVALS) as pool:
        statuses = sorted(pool.map(change, range(RIVALS)))
    assert statuses == [200] + [412] * (RIVALS - 1)


@pytest.mark.django_db(transaction=True)
def test_nobody_stands_in_line_while_servers_learn_of_a_key(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    program, held = clients.program(cast.owner), list[bool]()

    def wait(*_: object) -> bool:
        held.append(connection.in_atomic_block)
        return True

    monkeypatch.setattr(services, "_wait_for_acl", wait)
    keys = f"{url_of(cast)}/api-keys"
    key = program.post(keys, {"name": "web shop", "scopes": ["read"]}).json()
    changed = program.patch(
        f"{keys}/{key['id']}", {"networks": ["192.0.2.0/24"]}, headers={"If-Match": "*"}
    )
    revoked = program.delete(f"{keys}/{key['id']}", headers={"If-Match": "*"})
    assert (changed.status_code, revoked.status_code) == (200, 204)
    assert held == [False] * 3


@pytest.mark.django_db(transaction=True)
def test_nobody_stands_in_line_while_a_provider_is_looked_up(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[bool] = []

    def fetch(issuer: str) -> None:
        held.append(connection.in_atomic_block)

    monkeypatch.setattr(discovery, "fetch", fetch)
    wish = {
        "protocol": "oidc",
        "name": "Acme",
        "issuer": "https://id.example.com",
        "client_id": "redisgate",
        "client_secret": "canary",
    }
    put = clients.program(cast.owner).put(f"{url_of(cast)}/sso", wish, headers={"If-Match": "*"})
    assert put.status_code == 200, put.content
    assert held == [False]
