"""Who is connected to a server."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from figures.asking import conversation
from instances import acl_names
from instances.acl import ADMIN_USER
from instances.models import Instance

SHOWN_MAX = 500
GATEWAY = "HTTP gateway"
_UNIX_SOCKET = "U"


@dataclass(frozen=True, slots=True)
class Client:
    """One native connection. ``key`` is the name of the API key it logged in with, if any."""

    id: int
    address: str
    name: str
    library: str
    user: str
    key: str
    database: int
    age_seconds: int
    idle_seconds: int
    last_command: str

    @property
    def who(self) -> str:
        return self.key or self.user


@dataclass(frozen=True, slots=True)
class Connected:
    """The native connections, the longest first, and how many the command API has."""

    clients: tuple[Client, ...]
    total: int
    gateway_connections: int


def connected_to(instance: Instance) -> Connected:
    """List people's connections; the platform's own are left out."""
    with conversation(instance) as connection:
        listed = _parsed(str(connection.call("CLIENT", "LIST")))
    native = [each for each in listed if not _is_local(each)]
    gateway = [each for each in listed if _is_local(each) and each.get("user") != ADMIN_USER]
    native.sort(key=lambda each: -int(each.get("age", 0)))
    clients = [_client(each) for each in native[:SHOWN_MAX]]
    keys = acl_names.of(instance.organization_id, {each.user for each in clients})
    named = tuple(replace(each, key=keys.get(each.user, "")) for each in clients)
    return Connected(named, len(native), len(gateway))


def _parsed(text: str) -> list[dict[str, str]]:
    """Read a line for each connection; no value holds a space."""
    return [
        dict(part.split("=", 1) for part in line.split(" ") if "=" in part)
        for line in text.splitlines()
        if line
    ]


def _is_local(client: Mapping[str, str]) -> bool:
    """Tell connections over the unix socket, which only the platform can reach."""
    return _UNIX_SOCKET in client.get("flags", "")


def _client(seen: Mapping[str, str]) -> Client:
    return Client(
        id=int(seen["id"]),
        address=seen.get("addr", ""),
        name=seen.get("name", ""),
        library=" ".join(_filled(seen.get("lib-name", ""), seen.get("lib-ver", ""))),
        user=seen.get("user", ""),
        key="",
        database=int(seen.get("db", 0)),
        age_seconds=int(seen.get("age", 0)),
        idle_seconds=int(seen.get("idle", 0)),
        last_command=seen.get("cmd", "").replace("|", " ").upper(),
    )


def _filled(*texts: str) -> Iterable[str]:
    return [text for text in texts if text]
