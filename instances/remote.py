"""A server that somebody else runs: where it is, how to log in, and what we may do there. Pure."""

import re
from dataclasses import dataclass, field
from urllib.parse import unquote

from redisgate.lib.outward import Guard, OutwardRefused, read_host

DEFAULT_PORT = 6379
DEFAULT_USER = "default"
LARGEST_DATABASE = 65_535

_ADDRESS = re.compile(
    r"(?P<scheme>rediss?)://"
    r"(?:(?P<user>[^:@/?#]*)(?::(?P<password>[^@/?#]*))?@)?"
    r"(?:\[(?P<ipv6>[0-9A-Fa-f:.]+)\]|(?P<host>[^\[\]:@/?#]+))"
    r"(?::(?P<port>[0-9]{1,5}))?"
    r"(?:/(?P<database>[0-9]{0,5}))?"
)


class BadAddress(ValueError):
    """The address can't be used. The text is a sentence for people and holds no secret."""


@dataclass(frozen=True, slots=True)
class Tls:
    """How the server proves who it is, and we to it. Certificates and keys are PEM.

    Without ``ca_pem`` the system's authorities count; without ``server_name`` the host's name.
    """

    ca_pem: str = ""
    server_name: str = ""
    certificate_pem: str = ""
    key_pem: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Remote:
    """One server of somebody else's, and the user that they gave us."""

    host: str
    port: int
    user: str = DEFAULT_USER
    password: str = field(default="", repr=False)
    database: int = 0
    tls: Tls | None = None
    manages_users: bool = False
    """Each API key has a user of its own there; else all commands go as ``user``."""
    guard: Guard = field(default_factory=Guard)


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """What a ``redis://`` or ``rediss://`` URL says."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    database: int
    is_tls: bool


def read_address(url: str) -> Address:
    """Read the URL of a server, strictly: whatever could be read in two ways is refused.

    Raises BadAddress.
    """
    if any(char.isspace() or not char.isprintable() or char == "\\" for char in url):
        raise BadAddress("The URL may not contain blanks, backslashes or control characters.")
    parts = _ADDRESS.fullmatch(url)
    if parts is None:
        raise BadAddress(
            "The URL must look like redis://user:password@host:6379/0 or rediss://… for TLS. "
            "Write special characters of the password in percent form, such as %40 for @."
        )
    return Address(
        host=host(parts["ipv6"] or parts["host"]),
        port=port(int(parts["port"] or DEFAULT_PORT)),
        user=unquote(parts["user"] or "") or DEFAULT_USER,
        password=unquote(parts["password"] or ""),
        database=database(int(parts["database"] or 0)),
        is_tls=parts["scheme"] == "rediss",
    )


def host(text: str) -> str:
    """Return the host in its usual form. Raises BadAddress."""
    try:
        return read_host(text)
    except OutwardRefused as error:
        raise BadAddress(str(error)) from None


def port(number: int) -> int:
    if not 1 <= number <= 65_535:
        raise BadAddress("The port must be from 1 to 65535.")
    return number


def database(number: int) -> int:
    if not 0 <= number <= LARGEST_DATABASE:
        raise BadAddress(f"The database must be a number from 0 to {LARGEST_DATABASE}.")
    return number
