"""Our users on a server that somebody else runs: one for each API key, and nobody else touched.

A switched-off user is our mark there: its name tells which instance manages users, and by a
digest which users it has made. So two that manage users on one server don't undo each other.
"""

from collections.abc import Collection, Iterable
from uuid import UUID

from instances import acl
from instances.acl import AclUser
from instances.provisioners.admin_connection import ServerConnection, words
from instances.provisioners.base import ProvisionError

KEY_PREFIX = "rg_"
_MARK = "rg-external-"
_EMPTY = "none"


def replace(connection: ServerConnection, instance_id: UUID, users: Collection[AclUser]) -> None:
    """Make the server know exactly these users of ours. Raises ProvisionError, ServerError.

    Users that lose anything lose their connections; our mark is changed last.
    """
    refuse_foreign(users)
    known = words(connection.call("ACL", "USERS"))
    refuse_taken(known, instance_id)
    before = _passwords(connection)
    _claim(connection, instance_id, known, _EMPTY)
    wanted = {user.name: user for user in users}
    gone = [name for name in known if _is_key(name) and name not in wanted]
    if gone:
        connection.call("ACL", "DELUSER", *gone)
    for user in wanted.values():
        # New rules hold for open connections too, and there is no moment without any.
        connection.call("ACL", "SETUSER", user.name, *acl.words_of(user))
    after = _passwords(connection)
    for name in wanted:
        if not before.get(name, set()) <= after.get(name, set()):
            connection.call("CLIENT", "KILL", "USER", name)
    _claim(connection, instance_id, [_mark(instance_id) + _EMPTY], acl.digest(users))


def withdraw(connection: ServerConnection, instance_id: UUID, *, forget: bool) -> None:
    """Remove the users of keys; with ``forget`` our mark too. Nothing is done twice."""
    known = words(connection.call("ACL", "USERS"))
    marks = [name for name in known if name.startswith(_mark(instance_id))]
    if not marks:
        return
    gone = [name for name in known if _is_key(name)]
    gone += marks if forget else []
    if gone:
        connection.call("ACL", "DELUSER", *gone)
    if not forget:
        _claim(connection, instance_id, marks, _EMPTY)


def digest(user_names: Iterable[str], instance_id: UUID) -> str:
    """Find what our mark says; empty where there is none."""
    prefix = _mark(instance_id)
    marks = [name.removeprefix(prefix) for name in user_names if name.startswith(prefix)]
    return marks[0] if len(marks) == 1 else ""


def refuse_taken(user_names: Collection[str], instance_id: UUID | None) -> None:
    """Raise ProvisionError where somebody else made users there with names like ours."""
    marks = [name for name in user_names if name.startswith(_MARK)]
    mine = [name for name in marks if instance_id and name.startswith(_mark(instance_id))]
    if not marks and any(map(_is_key, user_names)):
        raise ProvisionError(
            f"There are users on this server whose names begin with {KEY_PREFIX}, and RedisGate "
            "didn't make them. Remove them there, or adopt it without managing users."
        )
    if len(mine) < len(marks):
        raise ProvisionError(
            "Another instance of a RedisGate manages users on this server already. Adopt it "
            "without managing users, or let the other one go first."
        )


def refuse_foreign(users: Iterable[AclUser]) -> None:
    """Raise ProvisionError for a user that isn't an API key's: those there aren't ours."""
    for user in users:
        if not _is_key(user.name):
            raise ProvisionError(f"The user {user.name} is not RedisGate's to change there.")


def _is_key(name: str) -> bool:
    return name.startswith(KEY_PREFIX)


def _mark(instance_id: UUID) -> str:
    return f"{_MARK}{instance_id.hex}-"


def _claim(
    connection: ServerConnection, instance_id: UUID, known: Iterable[str], digest_: str
) -> None:
    """Leave exactly one mark: the new one is there before the others go."""
    mark = _mark(instance_id) + digest_
    connection.call("ACL", "SETUSER", mark, "reset", "off", "-@all")
    others = [name for name in known if name.startswith(_mark(instance_id)) and name != mark]
    if others:
        connection.call("ACL", "DELUSER", *others)


def _passwords(connection: ServerConnection) -> dict[str, set[str]]:
    lines = [line.split(" ") for line in words(connection.call("ACL", "LIST"))]
    return {line[1]: {word for word in line if word.startswith("#")} for line in lines}
