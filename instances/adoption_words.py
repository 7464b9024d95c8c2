"""What a look at somebody else's server means for those who want to use it, in words. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from instances.provisioners.external_check import Findings
from redisgate.lib import units
from redisgate.lib.units import MEGABYTE

# From these versions on no script can write into the replies of others (CVE-2025-67733).
_SAFE_VALKEY = ((7, 2, 12), (8, 0, 7), (8, 1, 6), (9, 0, 3))


class Level(StrEnum):
    """How a remark is meant."""

    GOOD = "good"
    NOTE = "note"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Remark:
    level: Level
    text: str

    @property
    def alert_level(self) -> str:
        """Name the notice of a page that shows it."""
        return {Level.GOOD: "success", Level.NOTE: "info", Level.WARNING: "warning"}[self.level]


def refusals(findings: Findings, *, manages_users: bool) -> Iterator[tuple[str, str]]:
    """Give the field and the words for each reason not to adopt the server like this."""
    user = findings.user
    if not findings.may_read:
        yield "url", f"The user {user} may not read: allow it there with ACL SETUSER {user} +@read"
    if manages_users and not findings.may_manage_users:
        yield (
            "manage_users",
            f"The user {user} may not manage users there. Leave this off, or allow it with "
            f"ACL SETUSER {user} +acl +client|kill",
        )
    if manages_users and findings.users_taken:
        yield "manage_users", findings.users_taken
    if not manages_users and not findings.knows_commands:
        yield (
            "url",
            f"The user {user} may not ask COMMAND, by which RedisGate knows what an API key may "
            f"do there. Allow it with ACL SETUSER {user} +command",
        )


def remarks(findings: Findings, *, is_tls: bool, manages_users: bool) -> tuple[Remark, ...]:
    """Say what the server is, what the user may do, and what to mind."""
    return (
        Remark(Level.GOOD, f"{findings.engine} {findings.version} answers."),
        *_rights(findings),
        *_keys(findings, manages_users=manages_users),
        *_server(findings),
        *_way(is_tls=is_tls),
    )


def _rights(findings: Findings) -> Iterator[Remark]:
    user = findings.user
    if findings.may_administer:
        yield Remark(
            Level.WARNING,
            f"The user {user} may administer the server. RedisGate needs less: make a user with "
            "~* &* +@all -@admin -@dangerous +info +command, unless it is to manage users.",
        )
    if findings.may_write:
        yield Remark(Level.GOOD, f"The user {user} may read and write.")
    else:
        yield Remark(Level.NOTE, f"The user {user} may read only, and so may every API key.")


def _keys(findings: Findings, *, manages_users: bool) -> Iterator[Remark]:
    if manages_users:
        yield Remark(
            Level.NOTE,
            "RedisGate makes a user there for each API key, named rg_…, and removes it with the "
            "key. It touches no other user.",
        )
        return
    yield Remark(
        Level.NOTE,
        f"All API keys use the user {findings.user}, and RedisGate checks their scopes: scripts, "
        "FLUSHALL and the like need the scope admin, keys with patterns are refused, and native "
        "clients can't log in with an API key.",
    )
    if findings.may_manage_users and not findings.users_taken:
        yield Remark(
            Level.NOTE,
            "It may manage users: let RedisGate do that, and the server itself enforces scopes "
            "and key patterns.",
        )


def _server(findings: Findings) -> Iterator[Remark]:
    used = units.memory(findings.used_memory // MEGABYTE)
    if findings.maxmemory:
        limit = units.memory(findings.maxmemory // MEGABYTE)
        yield Remark(Level.NOTE, f"It uses {used} of {limit}, by {findings.eviction_policy}.")
    else:
        yield Remark(Level.WARNING, f"It uses {used} and has no memory limit: set maxmemory there.")
    if findings.is_replica:
        yield Remark(Level.WARNING, "It is a replica, so writes are refused. Adopt its primary.")
    if findings.is_cluster:
        yield Remark(Level.WARNING, "It is one node of a cluster and answers for its part alone.")
    if may_inject(findings):
        yield Remark(
            Level.WARNING,
            "Scripts on this version can write into the replies of others (CVE-2025-67733). "
            "RedisGate gives each API key a connection of its own; update the server.",
        )


def _way(*, is_tls: bool) -> Iterator[Remark]:
    if not is_tls:
        yield Remark(
            Level.WARNING,
            "The way there isn't encrypted, the password included. Use rediss:// unless the "
            "network is yours alone.",
        )


def may_inject(findings: Findings) -> bool:
    """Tell whether the version is known for it."""
    if findings.engine != "Valkey":
        return False
    version = tuple(int(part) for part in findings.version.split(".") if part.isdigit())
    fixed = next((safe for safe in _SAFE_VALKEY if safe[:2] >= version[:2]), None)
    return fixed is not None and version < fixed
