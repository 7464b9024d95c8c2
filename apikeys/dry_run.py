"""Ask a server whether a key may run a command. It executes nothing."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum

from apikeys.models import ApiKey
from figures.asking import conversation
from instances.acl import Scope, scope_user
from instances.models import Instance
from instances.provisioners.admin_connection import (
    Reply,
    ServerConnection,
    ServerError,
    Unreachable,
)
from instances.provisioners.remote_connection import RemoteConnection
from instances.provisioners.server_log import without_host_paths
from instances.their_server import is_adopted, remote_of
from redisgate.lib.errors import Unavailable

ANSWER_SECONDS = 3.0


class Said(StrEnum):
    """What came of a dry run."""

    ALLOWED = "allowed"
    DENIED = "denied"
    UNFIT = "unfit"
    """No key could run it: there is no such command, or the number of arguments is wrong."""
    UNKNOWN_USER = "unknown_user"
    UNABLE = "unable"
    """The server has no dry run, or doesn't let us ask."""


@dataclass(frozen=True, slots=True)
class Answer:
    said: Said
    words: str = ""
    """The server's own."""


def ask(instance: Instance, key: ApiKey, command: Sequence[bytes]) -> Answer:
    """Have the server judge the command by its own ACL. Raises NotRunning, Unavailable."""
    words = (word.decode(errors="replace") for word in command)
    with _connected(instance) as connection:
        (reply,) = connection.pipeline(("ACL", "DRYRUN", key.prefix, *words))
    return _read(reply)


def scopes_that_may(instance: Instance, command: Sequence[bytes]) -> tuple[Scope, ...] | None:
    """Tell which scopes could run it on any key; None where the server can't be asked for them.

    Raises NotRunning, Unavailable.
    """
    words = [word.decode(errors="replace") for word in command]
    users = [scope_user({scope}, ()) for scope in Scope]
    with _connected(instance) as connection:
        replies = connection.pipeline(*(("ACL", "DRYRUN", user, *words) for user in users))
    said = [_read(reply).said for reply in replies]
    if not {*said} <= {Said.ALLOWED, Said.DENIED}:
        return None
    return tuple(scope for scope, each in zip(Scope, said, strict=True) if each is Said.ALLOWED)


def commands_of(instance: Instance) -> Reply:
    """Ask the server which commands it has. Raises NotRunning, Unavailable."""
    with _connected(instance) as connection:
        (reply,) = connection.pipeline(("COMMAND",))
    return reply


def _read(reply: Reply) -> Answer:
    if reply == "OK":
        return Answer(Said.ALLOWED)
    words = without_host_paths(str(reply))
    if not isinstance(reply, ServerError):
        return Answer(Said.DENIED, words)
    if words.startswith("ERR User"):
        return Answer(Said.UNKNOWN_USER, words)
    if words.startswith(("ERR Command", "ERR wrong number")):
        return Answer(Said.UNFIT, words)
    return Answer(Said.UNABLE, words)


@contextmanager
def _connected(instance: Instance) -> Iterator[ServerConnection]:
    remote = remote_of(instance) if is_adopted(instance) else None
    if remote is None:
        with conversation(instance) as ours:
            yield ours
        return
    try:
        with RemoteConnection(remote, timeout_seconds=ANSWER_SECONDS) as theirs:
            theirs.log_in()
            yield theirs
    except (ServerError, Unreachable) as error:
        raise Unavailable(
            "The server can't be asked right now. The instance's page says how it is.",
            log=f"{instance.pk} can't be asked: {error}",
            retry_after_seconds=1,
        ) from error
