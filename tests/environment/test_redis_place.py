"""Where the platform's Redis is, said at once or in parts."""

import pytest
from redis.connection import ConnectionPool

from tests.environment.conftest import Read

HOST = {"REDIS_DEFAULT_HOST": "redis"}


@pytest.mark.parametrize(
    ("variables", "address"),
    [
        ({"REDIS_URL": "redis://redis:6379/0"}, "redis://redis:6379/0"),
        ({"REDIS_URL": "none"}, ""),
        ({"REDIS_URL": "redis://redis", "REDIS_ENABLED": "false"}, ""),
        ({"REDIS_ENABLED": "false", "REDIS_PASSWORD": "unused"}, ""),
        (HOST, "redis://redis:6379"),
        ({**HOST, "REDIS_DEFAULT_PORT": "6380", "REDIS_DB": "2"}, "redis://redis:6380/2"),
        ({"REDIS_DEFAULT_HOST": "::1"}, "redis://[::1]:6379"),
        ({**HOST, "REDIS_URL": "rediss://other"}, "rediss://other"),
        ({**HOST, "REDIS_PASSWORD": "p@ss/word"}, "redis://:p%40ss%2Fword@redis:6379"),
        (
            {"REDIS_URL": "rediss://rg@redis:1/3", "REDIS_PASSWORD": "x", "REDIS_DB": "3"},
            "rediss://rg:x@redis:1/3",
        ),
        ({"REDIS_URL": "redis://:p%40ss@redis", "REDIS_PASSWORD": "p@ss"}, "redis://:p%40ss@redis"),
        (
            {"REDIS_URL": "unix:///run/redis.sock", "REDIS_PASSWORD": "x", "REDIS_DB": "1"},
            "unix://:x@/run/redis.sock?db=1",
        ),
    ],
)
def test_parts_become_one_address(read: Read, variables: dict[str, str], address: str) -> None:
    redis_url = read(**variables).REDIS_URL
    assert redis_url == address


def test_without_a_word_it_is_the_platforms_own(read: Read) -> None:
    settings = read()
    assert settings.REDIS_URL == settings.OWN_REDIS_URL


def test_client_reads_the_parts_that_were_put_together(read: Read) -> None:
    tcp = read(**HOST, REDIS_PASSWORD="p@ss/word", REDIS_DB="2").REDIS_URL
    assert understood(tcp) == {"host": "redis", "port": 6379, "password": "p@ss/word", "db": 2}
    socket = read(REDIS_URL="unix:///run/redis.sock", REDIS_PASSWORD="p@ss", REDIS_DB="1").REDIS_URL
    assert understood(socket) == {"path": "/run/redis.sock", "password": "p@ss", "db": 1}


def understood(address: str) -> dict[str, object]:
    found = ConnectionPool.from_url(address).connection_kwargs
    return {
        name: found[name] for name in ("host", "port", "path", "password", "db") if name in found
    }
