"""Each of the platform's own processes is killed under traffic: no server notices, none is lost."""

import os
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Event, Thread

import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from tests.platform import Platform, fact_of, processes_of
from tests.roles import role
from tests.waiting import pause, wait_until

pytestmark = pytest.mark.e2e


@contextmanager
def native_traffic(url: str) -> Iterator[list[int]]:
    """Count up a key over one connection, which nobody may close; give what was said."""
    end, said = Event(), list[int]()

    def count() -> None:
        options = {"socket_timeout": 5, "retry": Retry(NoBackoff(), 0), "protocol": 2}
        with redis.Redis.from_url(url, single_connection_client=True, **options) as connection:
            while not end.is_set():
                said.append(int(connection.incr("counter")))
                pause()

    thread = Thread(target=count)
    thread.start()
    try:
        yield said
    finally:
        end.set()
        thread.join()


@pytest.mark.parametrize("name", ["web", "controller", "worker"])
def test_killed_role_comes_back_and_no_server_notices(platform: Platform, name: str) -> None:
    kit = platform.quickstart()
    wait_until(lambda: servers(platform) == rows(platform), "all is as it should be")
    before = servers(platform)
    with native_traffic(kit["redis_url"]) as said:
        killed = role(platform, name)
        os.kill(killed, signal.SIGKILL)
        wait_until(lambda: f"{name} ended" in platform.log.read_text(), log=platform.log)
        wait_until(lambda: role_or_none(platform, name) not in {None, killed})
        wait_until(lambda: is_well(platform), "all is well", log=platform.log)
        so_far = len(said)
        wait_until(lambda: len(said) > so_far, "the same connection still serves")
    assert said == list(range(said[0], said[0] + len(said)))
    assert platform.quickstart() == kit
    assert servers(platform) == before == rows(platform)


def is_well(platform: Platform) -> bool:
    status, said = platform.get("/health")
    return status == 200 and said["status"] == "ok"


def servers(platform: Platform) -> dict[str, int]:
    """Find every server of the platform: the instance that its command line names, and its pid."""
    found = {}
    for pid in processes_of(platform.data_dir):
        words = fact_of(pid, "cmdline").split(b"\0")
        if b"--dir" in words and words[-2] == b"-":
            found[Path(os.fsdecode(words[2])).parent.name.replace("-", "")] = pid
    return found


def rows(platform: Platform) -> dict[str, int]:
    """Read which instances run and in which process, as the control loop has written it."""
    with closing(sqlite3.connect(platform.data_dir / "redisgate.sqlite3")) as database:
        found = database.execute(
            "SELECT id, json_extract(driver_state, '$.pid') FROM instances_instance"
            " WHERE status = 'running'"
        )
        return dict(found.fetchall())


def role_or_none(platform: Platform, name: str) -> int | None:
    try:
        return role(platform, name)
    except (AssertionError, FileNotFoundError):
        return None
