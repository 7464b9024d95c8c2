"""Networks that a key may be used from. Pure."""

from functools import lru_cache
from ipaddress import (
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

MAX_NETWORKS = 50
MAX_LENGTH = 50
"""More than the longest IPv6 network has, written out."""

Network = IPv4Network | IPv6Network


def network(text: str) -> str:
    """Return a network in its usual form; a lone address is one. Raises ValueError in words."""
    text = text.strip()
    if "%" in text:  # the zone of an interface, which says nothing from elsewhere
        raise _unreadable(text)
    try:
        return str(_mapped(ip_network(text)))
    except ValueError:
        pass
    try:
        wider = ip_network(text, strict=False)
    except ValueError:
        raise _unreadable(text) from None
    raise ValueError(f"“{text}” names an address inside a network. Did you mean {wider}?")


def _unreadable(text: str) -> ValueError:
    return ValueError(
        f"“{text[:MAX_LENGTH]}” is not a network. Write it as 203.0.113.0/24, 2001:db8::/32 or as "
        "a single address."
    )


@lru_cache(maxsize=20_000)
def admits(networks: tuple[str, ...], address: str) -> bool:
    """Tell whether an address is in one of these networks; what is no address never is."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    return any(found in each for each in _parsed(networks))


def _mapped(found: Network) -> Network:
    """Read ``::ffff:203.0.113.0/120`` as what it stands for."""
    if isinstance(found, IPv6Network) and found.prefixlen >= 96:
        plain = found.network_address.ipv4_mapped
        if plain is not None:
            return ip_network(f"{plain}/{found.prefixlen - 96}")
    return found


@lru_cache(maxsize=1_000)
def _parsed(networks: tuple[str, ...]) -> tuple[Network, ...]:
    return tuple(ip_network(each) for each in networks)
