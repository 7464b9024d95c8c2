"""A real server that plays the platform's own Redis for the code that waits."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from pytest_django import Settings

from accounts import session_epoch
from redisgate.lib import platform_redis
from tests.gateway.parts import Server, platform_url
from tests.waiting import PATIENCE_SECONDS


@contextmanager
def used(server: Server, settings: Settings, *switches: str) -> Iterator[Server]:
    """Let this process use it for the uses whose switches are named, on however busy a machine."""
    settings.REDIS_URL = platform_url(server)
    for switch in switches:
        setattr(settings, switch, True)
    with _waiting(PATIENCE_SECONDS):
        yield server


@contextmanager
def hung(server: Server) -> Iterator[None]:
    """Let it hang meanwhile, and nobody wait for long."""
    server.freeze()
    try:
        with _waiting(0.3):
            yield
    finally:
        server.thaw()


def begin_anew() -> None:
    """Do what a process does at its start."""
    platform_redis.blocking().close()
    platform_redis.blocking.cache_clear()
    session_epoch.look_again()


@contextmanager
def _waiting(seconds: float) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(platform_redis, "PAGE_SECONDS", seconds)
        begin_anew()
        try:
            yield
        finally:
            patch.undo()
            begin_anew()
