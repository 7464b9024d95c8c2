"""Where the platform may connect when a person names the place. Pure: nothing is looked up here.

A name or address that people type could lead into the operator's own network, to a service on
this machine or to the cloud's metadata service. So what is typed is read strictly, every address
it leads to is judged, and who connects uses the judged address and no other.
"""

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

ASK_OPERATOR = (
    "If it is a network of yours, ask your operator to allow it with the setting EXTERNAL_NETWORKS."
)
LONGEST_NAME = 253

_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
# What inet_aton would take for a number: the last label of 127.1, 0x7f000001 and 2130706433.
_NUMBER = re.compile(r"0x[0-9a-f]*|[0-9]+")
_METADATA_NAMES = frozenset(
    {"metadata", "metadata.google.internal", "metadata.goog", "instance-data"}
    | {"instance-data.ec2.internal"}
)

# No setting opens these: link-local ones and what clouds tell their machines' secrets under.
_NEVER: tuple[Network, ...] = tuple(
    ipaddress.ip_network(text)
    for text in (
        *("169.254.0.0/16", "fe80::/10", "168.63.129.16", "100.100.100.200", "192.0.0.192"),
        *("fd00:ec2::/32", "fd20:ce::/32", "0.0.0.0/32", "::/128", "255.255.255.255"),
        *("224.0.0.0/4", "ff00::/8"),
    )
)
# Beyond what the standard library counts as not public.
_NOT_PUBLIC: tuple[Network, ...] = tuple(
    ipaddress.ip_network(text)
    for text in (
        *("0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15"),
        *("240.0.0.0/4", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"),
    )
)
_PUBLIC_IPV6 = ipaddress.ip_network("2000::/3")
_CARRIES_IPV4 = tuple(map(ipaddress.ip_network, ("64:ff9b::/96", "::/96")))


class OutwardRefused(Exception):
    """The place may not be connected to. The text is a sentence for people."""


@dataclass(frozen=True, slots=True)
class Guard:
    """``networks`` are open besides public addresses; ``own_ports`` are the platform's own."""

    networks: tuple[Network, ...] = ()
    own_ports: tuple[range, ...] = ()

    def judge(self, address: Address) -> Address:
        """Return the address that is really meant. Raises OutwardRefused."""
        address = _unmapped(address)
        inner = _carried(address)
        if inner is not None:
            self.judge(inner)
        if _is_in(address, _NEVER):
            raise OutwardRefused(
                "The address belongs to this machine's cloud or link, which RedisGate never "
                "connects to. Use the server's own address."
            )
        if not _is_in(address, self.networks) and not is_public(address):
            raise OutwardRefused(
                f"The address isn't a public one, so RedisGate doesn't connect to it. "
                f"{ASK_OPERATOR}"
            )
        return address

    def choose(self, found: Iterable[str]) -> Address:
        """Return the first address of a name; if one may not be used, none of them may.

        A name that leads to a forbidden place as well is a trap. Raises OutwardRefused.
        """
        judged = [self.judge(ipaddress.ip_address(text)) for text in found]
        if not judged:
            raise OutwardRefused("The name of the host leads nowhere. Check its spelling.")
        return judged[0]

    def is_own_network(self, address: str) -> bool:
        """Tell whether the operator has opened the network of an address that was judged."""
        return _is_in(ipaddress.ip_address(address), self.networks)

    def is_own_port(self, port: int) -> bool:
        return any(port in ports for ports in self.own_ports)


def read_host(text: str) -> str:
    """Return a DNS name or an IP address in its usual form. Raises OutwardRefused.

    Shapes that only some programs take for an address are refused: numbers in decimal, octal or
    hexadecimal, too few dots, zones, other alphabets.
    """
    if not text.isascii():
        raise OutwardRefused("Write the host in ASCII: a name with other letters as xn--….")
    host = text.lower().removesuffix(".")
    try:
        if "%" not in host:
            return str(ipaddress.ip_address(host))
    except ValueError:
        pass
    labels = host.split(".")
    is_name = len(host) <= LONGEST_NAME and all(map(_LABEL.fullmatch, labels))
    if not is_name or _NUMBER.fullmatch(labels[-1]):
        raise OutwardRefused(
            "The host must be a name such as redis.example.com or an IP address such as "
            "203.0.113.7, in its usual form."
        )
    if host in _METADATA_NAMES:
        raise OutwardRefused("The host is a cloud's metadata service, not a Redis server.")
    return host


def is_public(address: Address) -> bool:
    """Tell whether anybody on the internet means the same by this address."""
    if address.version == 6 and address not in _PUBLIC_IPV6:
        return False
    return address.is_global and not address.is_multicast and not _is_in(address, _NOT_PUBLIC)


def _unmapped(address: Address) -> Address:
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


def _carried(address: Address) -> Address | None:
    """Give the IPv4 address that a gateway would make of this IPv6 one."""
    if not isinstance(address, ipaddress.IPv6Address):
        return None
    if address.sixtofour is not None:
        return address.sixtofour
    is_loopback_or_none = int(address) <= 1
    if _is_in(address, _CARRIES_IPV4) and not is_loopback_or_none:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return None


def _is_in(address: Address, networks: Iterable[Network]) -> bool:
    return any(address in network for network in networks)
