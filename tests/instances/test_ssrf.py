"""Addresses that lead where nobody may go: each is refused, and nothing is connected to."""

import sys
from collections.abc import Iterator
from ipaddress import ip_network
from typing import Any

import pytest
from pytest_django import Settings

from audit.actors import SYSTEM
from gateway import dialing
from gateway.errors import InstanceUnreachable
from gateway.leases import Lease
from gateway.limits import Limits
from gateway.resp import reader
from instances import adoption
from instances.adoption import Place
from instances.remote import Remote
from instances.spec import Endpoint
from redisgate.lib.errors import InvalidInput
from redisgate.lib.outward import Guard

URLS = [
    # This machine, however it is written.
    *(
        "redis://127.0.0.1:6379",
        "redis://127.8.8.8",
        "redis://localhost:6379",
        "redis://LOCALHOST.",
    ),
    *("redis://[::1]:6379", "redis://0.0.0.0:6379", "redis://[::]:6379", "redis://0:6379"),
    *("redis://2130706433", "redis://0x7f000001", "redis://0177.0.0.1", "redis://127.1"),
    *("redis://0x7f.0.0.1", "redis://017700000001", "redis://127.0.0.1.", "redis://127%2e0.0.1"),
    *("redis://[::ffff:127.0.0.1]", "redis://[::ffff:7f00:1]", "redis://[::127.0.0.1]"),
    *("redis://[64:ff9b::7f00:1]", "redis://[2002:7f00:1::]", "redis://[::1%25lo]:6379"),
    # Private networks.
    *("redis://10.0.0.5", "redis://172.16.0.1", "redis://192.168.1.1", "redis://100.64.0.1"),
    *("redis://[fd12:3456::1]", "redis://[fe80::1]", "redis://198.18.0.1", "redis://192.0.0.8"),
    # Metadata services of clouds.
    *("redis://169.254.169.254", "redis://[fd00:ec2::254]", "redis://metadata.google.internal"),
    *("redis://100.100.100.200", "redis://168.63.129.16", "redis://[::ffff:169.254.169.254]"),
    # Nobody in particular.
    *("redis://224.0.0.1", "redis://255.255.255.255", "redis://240.0.0.1", "redis://[ff02::1]"),
    # Addresses that two readers would read in two ways.
    *("redis://good.example@127.0.0.1", "redis://1.1.1.1:6379@127.0.0.1", "redis://1.1.1.1#@127.1"),
    *("redis://1.1.1.1\\@127.0.0.1", "redis://1.1.1.1\t@127.0.0.1", "redis://127.0.0.1\r\nSET a 1"),
    *("redis://\uff11\uff12\uff17.0.0.1", "http://127.0.0.1:6379", "unix:///tmp/s", "redis:///0"),
    *("redis://1.1.1.1/0?host=127.0.0.1", "redis://user:pass@host@127.0.0.1", "//127.0.0.1:6379"),
]

_watched: list[Any] = []
_is_watching = False


def _hear(event: str, arguments: tuple[Any, ...]) -> None:
    if _is_watching and event in {"socket.connect", "socket.sendto"}:
        _watched.append(arguments[1])


sys.addaudithook(_hear)


@pytest.fixture
def connections() -> Iterator[list[Any]]:
    """Every connection that this process begins, whoever begins it."""
    global _is_watching
    _watched.clear()
    _is_watching = True
    yield _watched
    _is_watching = False


def test_the_table_has_the_size_that_was_asked_for() -> None:
    assert len(set(URLS)) >= 45


@pytest.mark.parametrize("url", URLS)
def test_address_is_refused_without_a_connection(
    url: str, settings: Settings, connections: list[Any]
) -> None:
    settings.EXTERNAL_NETWORKS = ()
    with pytest.raises(InvalidInput):
        adoption.check(SYSTEM, Place(url=url))
    assert connections == []


@pytest.mark.parametrize(
    "url", ["redis://169.254.169.254", "redis://[fe80::1]", "redis://[ff02::1]"]
)
def test_widest_setting_opens_no_metadata_service(
    url: str, settings: Settings, connections: list[Any]
) -> None:
    settings.EXTERNAL_NETWORKS = (ip_network("0.0.0.0/0"), ip_network("::/0"))
    with pytest.raises(InvalidInput):
        adoption.check(SYSTEM, Place(url=url))
    assert connections == []


def test_ports_of_the_platform_are_nobody_s_to_adopt(
    settings: Settings, connections: list[Any]
) -> None:
    settings.EXTERNAL_NETWORKS = (ip_network("127.0.0.0/8"),)
    for port in (settings.PORT, settings.INSTANCE_PORTS[0], settings.INSTANCE_PORTS[-1]):
        with pytest.raises(InvalidInput, match="RedisGate itself"):
            adoption.check(SYSTEM, Place(url=f"redis://127.0.0.1:{port}"))
    assert connections == []


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "10.0.0.5", "169.254.169.254"])
async def test_command_api_goes_no_further_than_the_check(
    host: str, connections: list[Any]
) -> None:
    """A name may lead elsewhere by the time of a command, so it is judged each time."""
    remote = Remote(host=host, port=6379, guard=Guard())
    lease = Lease(Limits(), reader())
    endpoint = Endpoint(None, host, 6379, remote)
    with pytest.raises(InstanceUnreachable):
        await dialing.introduce(lease, endpoint, "user", "password", seconds=2)
    assert connections == []
