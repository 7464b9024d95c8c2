"""A real server that plays the platform's own Redis for the code that waits."""

from collections.abc import Iterator
from contextlib import contextmanager

from pytest_django import Settings

from accounts import session_epoch
from redisgate.lib import platform_redis
from tests.gateway.parts import Server, platform_url


@contextmanager
def used(server: Server, settings: Settings, *switches: str) -> Iterator[Server]:
    """Let this process use it for the uses whose switches are named."""
    settings.REDIS_URL = platform_url(server)
    for switch in switches:
        setattr(settings, switch, True)
    begin_anew()
    yield server
    begin_anew()


def begin_anew() -> None:
    """Do what a process does at its start."""
    platform_redis.blocking().close()
    platform_redis.blocking.cache_clear()
    session_epoch.look_again()
