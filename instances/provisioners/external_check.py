"""What a user may do on a server that somebody else runs, found out without changing anything.

Commands that do nothing even where they are allowed are tried on a key that nobody has.
"""

import secrets
from dataclasses import dataclass
from uuid import UUID

from instances.provisioners import external_users
from instances.provisioners.admin_connection import (
    Reply,
    ServerConnection,
    ServerError,
    Unreachable,
    words,
)
from instances.provisioners.base import ProvisionError
from instances.provisioners.external import in_words
from instances.provisioners.remote_connection import RemoteConnection
from instances.remote import Remote

CHECK_SECONDS = 5.0
LONGEST_FACT = 100
OLDEST = (6, 0)
"""Before it there were no users, and no word in COMMAND of what a command may do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """A server and a user on it. Memory is in bytes; ``maxmemory`` 0 means no limit."""

    engine: str
    version: str
    user: str
    used_memory: int
    maxmemory: int
    eviction_policy: str
    has_aof: bool
    is_replica: bool
    is_cluster: bool
    may_read: bool
    may_write: bool
    may_administer: bool
    may_manage_users: bool
    knows_commands: bool
    """COMMAND may be asked, by which scopes are checked where users aren't managed."""
    users_taken: str = ""
    """Why users can't be managed there although the user may; empty where nothing is in the way."""


def check(remote: Remote, instance_id: UUID | None = None) -> Findings:
    """Connect, log in and look. Raises ProvisionError in words.

    ``instance_id`` is the instance that holds the server already, whose users are no obstacle.
    """
    try:
        with RemoteConnection(remote, timeout_seconds=CHECK_SECONDS) as connection:
            connection.log_in()
            return _findings(connection, remote, instance_id)
    except ServerError as error:
        raise ProvisionError(in_words(str(error))) from error
    except Unreachable as error:
        raise ProvisionError(str(error)) from error
    except (ValueError, TypeError) as error:
        raise ProvisionError("The server describes itself as no Redis server does.") from error


def _findings(connection: ServerConnection, remote: Remote, instance_id: UUID | None) -> Findings:
    info = _info(connection)
    version = info.get("valkey_version") or info.get("redis_version", "")
    if not version:
        raise ProvisionError(
            f"The user {remote.user} may not run INFO, by which RedisGate knows the server. "
            f"Allow it there: ACL SETUSER {remote.user} +info"
        )
    if _numbers(version) < OLDEST:
        raise ProvisionError(
            f"The server is version {version}. RedisGate needs {OLDEST[0]}.{OLDEST[1]} or newer, "
            "which knows users and says what its commands may do."
        )
    nobodys = f"rg-check-{secrets.token_hex(12)}"
    read, write, administer, commands = (
        _is_allowed(reply)
        for reply in connection.pipeline(
            ("TYPE", nobodys),
            ("UNLINK", nobodys),
            ("CONFIG", "GET", "maxmemory"),
            ("COMMAND", "INFO", "get"),
        )
    )
    may_manage = _may_manage_users(connection, remote.user, nobodys)
    return Findings(
        engine="Valkey" if "valkey_version" in info else "Redis",
        version=version,
        user=remote.user,
        used_memory=int(info.get("used_memory", 0)),
        maxmemory=int(info.get("maxmemory", 0)),
        eviction_policy=info.get("maxmemory_policy", ""),
        has_aof=info.get("aof_enabled") == "1",
        is_replica=info.get("role") == "slave",
        is_cluster=info.get("cluster_enabled") == "1",
        may_read=read,
        may_write=write,
        may_administer=administer,
        may_manage_users=may_manage,
        knows_commands=commands,
        users_taken=_users_taken(connection, instance_id) if may_manage else "",
    )


def _info(connection: ServerConnection) -> dict[str, str]:
    reply = connection.pipeline(("INFO",))[0]
    if isinstance(reply, ServerError) and not str(reply).startswith("NOPERM"):
        raise reply
    lines = str(reply).replace("\0", "").splitlines()
    facts = (line.split(":", 1) for line in lines if ":" in line and "NOPERM" not in line)
    return {name: fact[:LONGEST_FACT] for name, fact in facts}


def _may_manage_users(connection: ServerConnection, user: str, nobodys: str) -> bool:
    """Ask the server to try for us, or read the user's own rules where it can't."""
    tried = [
        ("ACL", "DRYRUN", user, *command)
        for command in (
            ("ACL", "SETUSER", nobodys),
            ("ACL", "DELUSER", nobodys),
            ("ACL", "LIST"),
            ("CLIENT", "KILL", "USER", nobodys),
        )
    ]
    replies = connection.pipeline(*tried)
    if all(reply == "OK" for reply in replies):
        return True
    is_older = any("ubcommand" in str(each) for each in replies if isinstance(each, ServerError))
    return is_older and _has_every_right(connection, user)


def _has_every_right(connection: ServerConnection, user: str) -> bool:
    (described,) = connection.pipeline(("ACL", "GETUSER", user))
    if not isinstance(described, list):
        return False
    facts = dict(zip(described[::2], described[1::2], strict=False))
    return facts.get("commands") == "+@all"


def _users_taken(connection: ServerConnection, instance_id: UUID | None) -> str:
    try:
        external_users.refuse_taken(words(connection.call("ACL", "USERS")), instance_id)
    except ProvisionError as error:
        return error.message
    return ""


def _is_allowed(reply: Reply) -> bool:
    return not (isinstance(reply, ServerError) and str(reply).startswith("NOPERM"))


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())
