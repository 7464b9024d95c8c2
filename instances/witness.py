"""What a server tells of those who come: its own lists in, values out."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from instances.acl import ADMIN_USER, DEFAULT_USER, TEST_CLIENT

_UNIX_SOCKET = "U"
_MONITORED = re.compile(r'([\d.]+) \[\d+ ([^\]]+\]?:\d+)\] "([^"]{1,60})"')
_INTRODUCING = frozenset({"AUTH", "HELLO", "CLIENT", "SELECT", "QUIT", "RESET"})
"""Commands by which a client only gets ready; some of them fail, and are seen all the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """One connection of somebody. ``place`` is its address with the port, as the server has it."""

    place: str
    user: str = ""
    library: str = ""
    command: str = ""
    commands: int | None = None
    """How many the server has run for it; None where the server doesn't count."""
    age_seconds: int = 0
    is_http: bool = False
    """Whether it is one of the command API's own, which carry what comes over HTTP."""

    @property
    def address(self) -> str:
        return _host(self.place)

    @property
    def has_entered(self) -> bool:
        """Say whether it has got past the password.

        Until then a server calls everybody ``default``, and counts a refused AUTH as a command.
        """
        if self.commands is None:
            return self.command not in {"AUTH", "HELLO", "NULL"}
        return self.commands >= (2 if self.user == DEFAULT_USER else 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Somebody whom the server refused, as its ACL LOG has it."""

    id: int
    reason: str
    """``auth``, ``command``, ``key``, ``channel`` or ``database``, in the server's words."""
    subject: str
    """The command, key or channel that was not allowed."""
    user: str
    address: str
    library: str
    count: int
    age_seconds: float
    is_http: bool = False


def visitors(client_list: str) -> list[Visitor]:
    """Read CLIENT LIST, the youngest connection first; the platform's own are left out."""
    seen = [_fields(line) for line in client_list.splitlines() if line]
    foreign = [_visitor(each) for each in seen if not _is_ours(each)]
    return sorted(foreign, key=lambda each: each.age_seconds)


def refusals(entries: Iterable[Mapping[str, object]]) -> list[Refusal]:
    """Read ACL LOG, the youngest first; the platform's own are left out."""
    found = (_refusal(entry) for entry in entries)
    return [each for each in found if each.user != ADMIN_USER]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of MONITOR. Keys and values are left out: nobody asked for them."""

    at: float
    place: str
    command: str
    is_test: bool = False
    """Whether it begins a connection test of ours."""

    @property
    def is_use(self) -> bool:
        """Say whether it shows that somebody has got in and does something."""
        return self.command not in _INTRODUCING


def monitored(line: str) -> Line | None:
    """Read a line of MONITOR; None for what comes from the platform or from inside a script."""
    found = _MONITORED.match(line)
    if found is None or "/" in found[2]:
        return None
    is_test = line.endswith(f'"SETNAME" "{TEST_CLIENT}"')
    return Line(float(found[1]), found[2], found[3].upper(), is_test)


def _fields(line: str) -> dict[str, str]:
    return dict(part.split("=", 1) for part in line.split(" ") if "=" in part)


def _is_ours(seen: Mapping[str, str]) -> bool:
    """Tell the control plane, and pages that look into an instance: they say what they are."""
    if seen.get("user") == ADMIN_USER or seen.get("name") == TEST_CLIENT:
        return True
    return _is_local(seen) and bool(seen.get("name") or seen.get("lib-name"))


def _is_local(seen: Mapping[str, str]) -> bool:
    return _UNIX_SOCKET in seen.get("flags", "")


def _visitor(seen: Mapping[str, str]) -> Visitor:
    return Visitor(
        place=seen.get("addr", ""),
        user=seen.get("user", ""),
        library=_library(seen),
        command=seen.get("cmd", "").replace("|", " ").upper(),
        commands=int(seen["tot-cmds"]) if "tot-cmds" in seen else None,
        age_seconds=int(seen.get("age", 0)),
        is_http=_is_local(seen),
    )


def _refusal(entry: Mapping[str, object]) -> Refusal:
    client = _fields(str(entry.get("client-info", "")))
    return Refusal(
        id=int(str(entry.get("entry-id", 0))),
        reason=str(entry.get("reason", "")),
        subject=str(entry.get("object", "")).replace("|", " "),
        user=str(entry.get("username", "")),
        address=_host(client.get("addr", "")),
        library=_library(client),
        count=int(str(entry.get("count", 1))),
        age_seconds=float(str(entry.get("age-seconds", 0))),
        is_http=_is_local(client),
    )


def _library(seen: Mapping[str, str]) -> str:
    return " ".join(filter(None, (seen.get("lib-name", ""), seen.get("lib-ver", ""))))


def _host(place: str) -> str:
    """Leave out the port, which says nothing to people, and the path of a socket of ours."""
    return "" if "/" in place else place.rpartition(":")[0].strip("[]")
