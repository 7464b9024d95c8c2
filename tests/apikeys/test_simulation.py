"""What the simulator says where no server of ours answers."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from apikeys import services
from apikeys.acl_source import source
from apikeys.models import ApiKey
from apikeys.simulation import Rule, Simulation, simulate
from instances.models import EXTERNAL, Instance, TheirServer
from instances.provisioners import external_users
from instances.provisioners.remote_connection import RemoteConnection
from redisgate.lib.errors import InvalidInput
from tests import somebody_elses
from tests.apikeys.rows import make_key
from tests.conftest import Cast, actor
from tests.instances.rows import RUNNING, make_instance
from tests.rows import add_instance
from tests.somebody_elses import HERE, PASSWORD, Theirs


@pytest.fixture(scope="module")
def theirs() -> Iterator[Theirs]:
    with somebody_elses.running() as theirs:
        yield theirs


@pytest.fixture
def adopted(cast: Cast, theirs: Theirs, settings: Settings) -> Instance:
    settings.EXTERNAL_NETWORKS = HERE.networks
    instance = add_instance(cast.acme, "Adopted", **RUNNING, provisioner=EXTERNAL)
    TheirServer.objects.create(
        instance=instance,
        host="127.0.0.1",
        port=theirs.port,
        user="boss",
        password=PASSWORD,
        checked_at=timezone.now(),
    )
    return instance


def judge(key: ApiKey, instance: Instance, line: str, **more: Any) -> Simulation:
    return simulate(key, instance, line, address=more.get("address"))


def test_each_reason_has_its_rule(cast: Cast) -> None:
    stopped = add_instance(cast.acme, "Stopped")
    other = add_instance(cast.acme, "Other")
    key, _ = make_key(cast.owner, cast.acme, instances=[stopped.pk])
    assert judge(key, other, "GET a").http.rule is Rule.INSTANCES
    found = judge(key, stopped, "GET a")
    assert (found.http.allowed, found.http.rule) == (None, Rule.NOT_RUNNING)
    key.expires_at = timezone.now() - timedelta(hours=1)
    assert judge(key, stopped, "GET a").native.rule is Rule.EXPIRED
    services.revoke(actor(cast.owner), key)
    assert judge(key, stopped, "GET a").http.rule is Rule.REVOKED


@pytest.mark.parametrize("line", ["", "   ", 'GET "a', "''", "GET a\0", "x" * 5000])
def test_what_is_no_command_is_refused(cast: Cast, line: str) -> None:
    instance = add_instance(cast.acme)
    key, _ = make_key(cast.owner, cast.acme)
    with pytest.raises(InvalidInput):
        judge(key, instance, line)


def test_server_that_is_away_is_said_to_be(cast: Cast) -> None:
    instance = make_instance(cast.acme)
    key, _ = make_key(cast.owner, cast.acme)
    found = judge(key, instance, "GET a")
    assert (found.http.allowed, found.http.rule) == (None, Rule.NO_ANSWER)
    # What the door refuses by itself it refuses in any case.
    assert judge(key, instance, "MULTI").http.rule is Rule.GATEWAY


def test_scope_is_read_by_the_gateway_where_the_server_has_no_users_of_ours(
    cast: Cast, adopted: Instance
) -> None:
    key, _ = make_key(cast.owner, cast.acme, scopes=["write"])
    assert judge(key, adopted, "SET a 1").http.allowed is True
    denied = judge(key, adopted, "FLUSHALL")
    assert (denied.http.allowed, denied.http.rule) == (False, Rule.SCOPE)
    assert denied.native.rule is Rule.NATIVE_ACCESS
    reader, _ = make_key(cast.owner, cast.acme, scopes=["read"])
    assert judge(reader, adopted, "SET a 1").http.allowed is False
    assert judge(reader, adopted, "GET a").http.allowed is True
    narrow, _ = make_key(cast.owner, cast.acme, key_patterns=["a:*"])
    assert judge(narrow, adopted, "GET a:1").http.rule is Rule.KEY_PATTERNS


def test_their_server_judges_where_it_has_users_of_ours(
    cast: Cast, adopted: Instance, theirs: Theirs
) -> None:
    TheirServer.objects.filter(pk=adopted.pk).update(manages_users=True)
    adopted.their_server.refresh_from_db()
    key, _ = make_key(cast.owner, cast.acme, key_patterns=["a:*"])
    assert judge(key, adopted, "GET a:1").http.rule is Rule.NO_ANSWER
    with RemoteConnection(theirs.remote(), timeout_seconds=5) as connection:
        connection.log_in()
        external_users.replace(connection, adopted.pk, source(adopted).users)
        try:
            assert judge(key, adopted, "GET a:1").native.allowed is True
            denied = judge(key, adopted, "GET b:1")
            assert (denied.http.allowed, denied.http.rule) == (False, Rule.ACL)
            assert judge(key, adopted, "NOSUCH x").http.rule is Rule.COMMAND
        finally:
            external_users.withdraw(connection, adopted.pk, forget=True)


def test_networks_are_told_apart_from_what_the_server_says(cast: Cast, adopted: Instance) -> None:
    key, _ = make_key(cast.owner, cast.acme, networks=["203.0.113.0/24"])
    elsewhere = judge(key, adopted, "GET a", address="198.51.100.1")
    assert elsewhere.http.rule is elsewhere.native.rule is Rule.NETWORKS
    inside = judge(key, adopted, "GET a", address="203.0.113.7")
    assert (inside.http.allowed, inside.native.allowed) == (True, False)
    assert "Over HTTP only from 203.0.113.0/24." in judge(key, adopted, "GET a").notes
    assert "Over HTTP it counts as one of 100,000 commands a second." in inside.notes
