"""What real servers answer to the people who look."""

from collections.abc import Callable
from contextlib import ExitStack

import pytest
from asgiref.sync import async_to_sync
from django.test import Client
from rest_framework.test import APIClient

from apikeys import services as keys
from audit.models import AuditEvent
from browser import quoting
from figures import clients, own_costs, slow_log
from figures.models import OwnCost
from figures.points import CALLS_OF
from instances import connections, witnessing
from instances.models import Instance
from redisgate.lib import process_name
from redisgate.lib.errors import Unavailable
from tests.conftest import Cast, actor
from tests.figures.sampling import Watch, samples_of
from tests.figures.servers import start
from tests.instances.harness import ControlPlane, Loop, client, paths_of, pid_of
from tests.waiting import wait_until

SLOW_SCRIPT = "for i=1,3000000 do local t=i end return 1"


@pytest.fixture
def loop(control_plane: ControlPlane) -> Loop:
    return control_plane.loop()


def url(instance: Instance, what: str) -> str:
    return f"/api/organizations/{instance.organization_id}/instances/{instance.pk}/{what}"


def test_people_see_their_connections_by_the_name_of_their_key(loop: Loop, cast: Cast) -> None:
    (instance,) = start(loop, cast, "one")
    key, token = keys.create(actor(cast.owner), cast.acme, name="Shop", scopes=["write"])
    with ExitStack() as stack:
        loop.until(lambda: _logs_in(instance, key.prefix, token), "the key works")
        mine = stack.enter_context(client(instance, user=key.prefix, password=token))
        mine.client_setname("checkout")
        other = stack.enter_context(client(instance))
        other.ping()
        seen = clients.connected_to(instance)
        by_key = {each.key: each for each in seen.clients if each.key}
        assert by_key["Shop"].name == "checkout"
        assert by_key["Shop"].address.startswith("127.0.0.1:")
        assert "redis-py" in by_key["Shop"].library
        assert {each.user for each in seen.clients} == {key.prefix, "default"}
        assert seen.gateway_connections == 0


def test_a_developer_disconnects_a_client_and_it_is_audited(loop: Loop, cast: Cast) -> None:
    (instance,) = start(loop, cast, "two")
    browser = Client()
    browser.force_login(cast.developer)
    with client(instance) as redis:
        redis.client_setname("stray")
        (seen,) = clients.connected_to(instance).clients
        page = f"/orgs/acme/instances/{instance.slug}/metrics/clients/"
        assert b"stray" in browser.get(page).content
        browser.post(f"{page}disconnect/", {"client": seen.id})
        wait_until(lambda: not clients.connected_to(instance).clients, "nobody is connected")
    event = AuditEvent.objects.get(action="instance.disconnect")
    assert event.changes == {"address": seen.address, "client": "stray", "user": "default"}


def test_connections_of_the_platform_cannot_be_closed(loop: Loop, cast: Cast) -> None:
    (instance,) = start(loop, cast, "three")
    api = APIClient()
    api.force_authenticate(cast.owner)
    gone = api.delete(url(instance, "clients/999999"))
    assert gone.status_code == 404
    assert not AuditEvent.objects.filter(action="instance.disconnect").exists()


def test_the_slow_log_is_cut_and_hides_data_from_viewers(loop: Loop, cast: Cast) -> None:
    (instance,) = start(loop, cast, "four")
    with client(instance) as redis:
        redis.client_setname("batch")
        redis.eval(SLOW_SCRIPT, 1, "secret-key", "x" * 90, *map(str, range(9)))
    (entry,) = slow_log.of(instance, with_arguments=True)
    assert entry.command == "EVAL"
    assert entry.arguments[2:4] == ("secret-key", "x" * 64 + "…")
    assert len(entry.arguments) == slow_log.ARGUMENTS_MAX
    assert entry.arguments_left_out == 5
    assert entry.microseconds >= 10_000
    assert (entry.client_name, entry.address[:10]) == ("batch", "127.0.0.1:")
    api = APIClient()
    for person, sees in ((cast.viewer, False), (cast.developer, True)):
        api.force_authenticate(person)
        assert ("secret-key" in api.get(url(instance, "slowlog")).content.decode()) is sees


def test_what_other_processes_ask_shows_nowhere(
    loop: Loop, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    (instance,) = start(loop, cast, "five")
    watch = Watch()
    watch.step()
    _as_another_process(monkeypatch, lambda: clients.connected_to(instance))
    assert OwnCost.objects.count() == 1
    watch.sampler.learn(own_costs.take())
    watch.step()
    watch.close()
    assert OwnCost.objects.count() == 0
    sample = samples_of(instance)[-1]
    assert not any(sample.get(name) for name in ("commands", "bytes_in", "bytes_out"))
    assert not sample.get("calls:client|list")


def test_looking_for_a_first_connection_shows_nowhere(
    loop: Loop, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    (instance,) = start(loop, cast, "heard")
    monkeypatch.setattr(connections, "WATCH_SECONDS", 0.5)
    monkeypatch.setattr(witnessing, "LOOK_SECONDS", 0.1)

    async def listen() -> None:
        async for _ in connections.watch(instance):
            pass

    _shows_nowhere(instance, monkeypatch, async_to_sync(listen))
    _shows_nowhere(instance, monkeypatch, lambda: connections.look(instance))


def test_opening_the_data_tab_shows_nowhere(
    loop: Loop, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    (instance,) = start(loop, cast, "browsed")
    with client(instance) as redis:
        redis.set("k", "v")
        redis.xadd("x", {"a": "b"})
    browser = Client()
    browser.force_login(cast.viewer)
    page = f"/orgs/acme/instances/{instance.slug}/data/"

    def browse() -> None:
        for query in (
            {},
            {"key": quoting.to_ref(b"k")},
            {"key": quoting.to_ref(b"x")},
            {"db": "1"},
        ):
            assert browser.get(page, query, follow=True).status_code == 200

    _shows_nowhere(instance, monkeypatch, browse)


def test_what_is_told_late_is_taken_out_of_the_next_look_but_one(
    loop: Loop, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    (instance,) = start(loop, cast, "late")
    watch = Watch()
    watch.step()
    for _ in range(3):
        _as_another_process(monkeypatch, lambda: clients.connected_to(instance))
        watch.step()
        watch.sampler.learn(own_costs.take())
    watch.close()
    _, first, *later = samples_of(instance)
    assert first["commands"] == 2
    assert not any(sample.get("commands") for sample in later)


def _shows_nowhere(
    instance: Instance, monkeypatch: pytest.MonkeyPatch, do: Callable[[], object]
) -> None:
    watch = Watch()
    watch.step()
    _as_another_process(monkeypatch, do)
    assert OwnCost.objects.exists()
    watch.sampler.learn(own_costs.take())
    watch.step()
    watch.close()
    sample = samples_of(instance)[-1]
    traffic = {
        name: number
        for name, number in sample.items()
        if number and (name.startswith(CALLS_OF) or name in {"commands", "bytes_in", "bytes_out"})
    }
    assert traffic == {}


def test_a_server_that_hangs_is_said_to_be_silent(
    loop: Loop, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    (instance,) = start(loop, cast, "six")
    paths_of(instance).socket.unlink()
    with pytest.raises(Unavailable):
        clients.connected_to(instance)
    assert pid_of(instance)
    browser = Client()
    browser.force_login(cast.viewer)
    page = browser.get(f"/orgs/acme/instances/{instance.slug}/metrics/clients/")
    assert b"No answer from the server" in page.content


def _as_another_process(monkeypatch: pytest.MonkeyPatch, do: Callable[[], object]) -> None:
    """Do something of whose cost this process's sampler knows nothing."""
    from instances.provisioners import own_traffic

    with monkeypatch.context() as other:
        other.setattr(own_traffic, "_tallies", {})
        other.setattr(own_costs, "own_name", lambda: process_name.own_name() + "other")
        do()


def _logs_in(instance: Instance, user: str, password: str) -> bool:
    import redis

    try:
        with client(instance, user=user, password=password) as connection:
            return bool(connection.ping())
    except redis.AuthenticationError:
        return False
