"""Sessions are read from the platform's Redis, and end for good whatever becomes of that."""

from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import replace
from datetime import timedelta

import pytest
from asgiref.sync import async_to_sync
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from accounts import session_copies, session_epoch, suspension
from accounts.session_store import SessionStore
from audit.actors import SYSTEM
from redisgate.lib.platform_redis import Away, blocking
from tests.accounts.people import logged_in
from tests.conftest import make_user
from tests.gateway.parts import Server, running_server
from tests.shared_redis import begin_anew, hung, used
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def redis(shared_redis: Server, settings: Settings) -> Iterator[Server]:
    shared_redis.admin().flushall()
    with used(shared_redis, settings, "SESSION_STORE_REDIS"):
        yield shared_redis


def begun(**values: str) -> str:
    """Begin a session that has been read, and so copied."""
    store = SessionStore()
    store.update({"name": "ada", **values})
    store.create()
    assert store.session_key is not None
    assert read(store.session_key) == {"name": "ada", **values}
    return store.session_key


def read(key: str) -> dict[str, object]:
    return dict(SessionStore(key).items())


def ended(key: str) -> None:
    SessionStore().delete(key)


def copies(redis: Server) -> dict[bytes, bytes]:
    admin = redis.admin()
    names = list(admin.scan_iter(match=f"{session_copies.PREFIX}*"))
    return {name: admin.get(name) or b"" for name in names}  # type: ignore[misc]


def bring_back(redis: Server, old: dict[bytes, bytes]) -> None:
    """Let Redis have what it had."""
    for name, value in old.items():
        redis.admin().set(name, value)


def answers_again() -> None:
    def is_answered() -> bool:
        with suppress(Away):
            return bool(blocking().run("test", lambda client: client.ping()))
        return False

    wait_until(is_answered, "Redis answers again")


def test_a_session_is_read_without_the_database() -> None:
    key = begun()
    with CaptureQueriesContext(connection) as queries:
        for _ in range(5):
            assert read(key) == {"name": "ada"}
    assert not [each for each in queries.captured_queries if "django_session" in each["sql"]]


def test_a_server_that_does_not_tell_its_lives_apart_keeps_no_copies(redis: Server) -> None:
    blocking().run("test", lambda client: client.set_response_callback("INFO", lambda *_, **__: {}))
    assert begun()
    assert copies(redis) == {}


def test_redis_sees_neither_the_session_nor_its_key(redis: Server) -> None:
    key = begun(secret="JBSWY3DPEHPK3PXP")
    kept = copies(redis)
    assert len(kept) == 1
    text = b" ".join([*kept, *kept.values()])
    assert key.encode() not in text
    assert b"JBSWY3DPEHPK3PXP" not in text
    assert 0 < redis.admin().ttl(next(iter(kept))) <= 14 * 24 * 3600


def test_the_copy_of_one_session_opens_no_other(redis: Server) -> None:
    mine, theirs = begun(), begun(name="grace")
    (copy,) = [value for name, value in copies(redis).items() if name == name_of(theirs)]
    redis.admin().set(name_of(mine), copy)
    assert read(mine) == {"name": "ada"}


def name_of(key: str) -> bytes:
    return session_copies._name(key).encode()


def test_a_change_is_seen_at_once() -> None:
    key = begun()
    store = SessionStore(key)
    store["name"] = "grace"
    store.save()
    assert read(key) == {"name": "grace"}


def test_a_session_that_is_over_is_over_in_its_copy() -> None:
    store = SessionStore()
    store["name"] = "ada"
    store.set_expiry(timezone.now() + timedelta(milliseconds=300))
    store.create()
    assert store.session_key is not None
    key = store.session_key
    wait_until(lambda: not read(key), "the session is over")


def test_a_session_that_ended_while_redis_hung_stays_ended(redis: Server) -> None:
    key = begun()
    with hung(redis):
        assert read(key) == {"name": "ada"}, "nobody is logged out"
        ended(key)
    assert copies(redis), "Redis remembers"
    assert read(key) == {}


def test_a_server_that_returns_with_old_data_brings_nothing_back(settings: Settings) -> None:
    with running_server() as server, used(server, settings, "SESSION_STORE_REDIS"):
        key, other = begun(), begun()
        old = copies(server)
        ended(key)
        epoch = session_epoch.current()
        server.kill()
        assert read(other) == {"name": "ada"}, "nobody is logged out"
        server.start()
        bring_back(server, old)
        answers_again()
        assert session_epoch.current() == epoch, "Redis had been told"
        assert read(key) == {}
        assert read(other) == {"name": "ada"}
        assert copies(server) != old, "copies are made again"


def test_a_late_reader_makes_no_copy_of_what_has_ended(redis: Server) -> None:
    key = begun()
    redis.admin().delete(name_of(key))
    seen = session_copies.look(key)
    assert seen is not None
    row = SessionStore.get_model_class().objects.get(session_key=key)
    ended(key)
    session_copies.keep(seen, row.session_data, row.expire_date)
    assert read(key) == {}
    redis.admin().delete(name_of(key))  # the mark's time is over
    late = replace(seen, at=seen.at - session_copies.COPY_WITHIN_SECONDS - 1)
    session_copies.keep(late, row.session_data, row.expire_date)
    assert copies(redis) == {}


def test_a_change_that_is_taken_back_ends_nothing() -> None:
    key = begun()
    with suppress(InterruptedError), transaction.atomic():
        ended(key)
        assert read(key) == {}
        raise InterruptedError
    assert read(key) == {"name": "ada"}


def test_a_session_that_ended_while_the_switch_was_off_stays_ended(settings: Settings) -> None:
    key = begun()
    settings.SESSION_STORE_REDIS = False
    ended(key)
    settings.SESSION_STORE_REDIS = True
    begin_anew()
    assert read(key) == {}


def test_a_change_whose_end_could_not_be_told_ends_all_copies(redis: Server) -> None:
    key = begun()
    epoch = session_epoch.current()
    with ExitStack() as later, session_copies.changing(key):
        later.enter_context(hung(redis))
    assert session_epoch.current() == epoch + 1


def test_other_processes_learn_within_a_second_that_copies_count_no_more(redis: Server) -> None:
    key = begun()
    known = session_epoch._known
    with hung(redis):
        ended(key)
    session_epoch._known = known  # another process, which has looked a moment ago
    wait_until(lambda: read(key) == {}, "it looks again", seconds=1)


def test_a_suspended_person_has_no_session_left(redis: Server) -> None:
    person = make_user("ada")
    client = logged_in(person)
    assert client.get("/accounts/profile/").status_code == 200
    key = client.session.session_key
    assert key is not None
    assert name_of(key) in copies(redis)
    suspension.suspend(SYSTEM, person, reason="a test")
    assert read(key) == {}


def test_nobody_is_logged_out_while_redis_is_away_and_when_it_is_back(settings: Settings) -> None:
    with running_server() as server, used(server, settings, "SESSION_STORE_REDIS"):
        client = logged_in(make_user("ada"))
        assert is_known(client)
        server.kill()
        assert is_known(client)
        server.start()
        answers_again()
        assert is_known(client)
        assert copies(server)


def is_known(client: Client) -> bool:
    return client.get("/accounts/profile/").status_code == 200


def test_sessions_are_read_and_changed_asynchronously() -> None:
    key = begun()

    async def change() -> dict[str, object]:
        store = SessionStore(key)
        await store.aset("name", "grace")
        await store.asave()
        found = dict(await SessionStore(key).aitems())
        await SessionStore().adelete(key)
        return found

    assert async_to_sync(change)() == {"name": "grace"}
    assert read(key) == {}
