"""Find the one address that may be connected to, and see that nobody else answered."""

import ipaddress
import socket
from collections.abc import Callable, Sequence
from concurrent.futures import TimeoutError as TooLate
from functools import partial

from redisgate.lib import resolving
from redisgate.lib.outward import Address, Guard, OutwardRefused, read_host

Resolve = Callable[[str, int], Sequence[str]]


class NameUnknown(OSError):
    """The name leads nowhere, or nobody said so in time."""


def addresses_of(host: str, port: int) -> list[str]:
    """Ask the system's resolver. Raises NameUnknown."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise NameUnknown(f"the name can't be resolved: {error.strerror or error}") from error
    return [str(place[0]) for *_, place in found]


def destination(host: str, port: int, guard: Guard, *, resolve: Resolve = addresses_of) -> str:
    """Resolve the host once and return the address to connect to.

    Raises OutwardRefused where it may not be, NameUnknown. May take as long as the resolver.
    """
    host = read_host(host)
    chosen = guard.choose(resolve(host, port))
    if guard.is_own_port(port) and is_of_this_machine(chosen):
        raise OutwardRefused(
            "That is a port of RedisGate itself. An instance of this platform needs no adopting."
        )
    return str(chosen)


def destination_in_time(host: str, port: int, guard: Guard, *, timeout_seconds: float) -> str:
    """Do the same, and raise NameUnknown at the deadline."""
    look_up = partial(destination, host, port, guard)
    try:
        return resolving.in_time(look_up, host, timeout_seconds=timeout_seconds)
    except TooLate:
        raise NameUnknown("the name wasn't resolved in time") from None


def check_peer(peer: str, wanted: str) -> None:
    """Raise OutwardRefused unless the other end is the address that was judged."""
    if _plain(peer) != _plain(wanted):
        raise OutwardRefused("Another address answered than the one that was asked for.")


def is_of_this_machine(address: Address) -> bool:
    """Tell whether packets to the address would end here; none is sent."""
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind((str(address), 0))
        except OSError:
            return address.is_loopback
    return True


def _plain(text: str) -> Address:
    address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address
