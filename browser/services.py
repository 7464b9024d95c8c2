"""Every change of a key, made alike: compared with what was shown, written down, then done.

The event is written first and in one database transaction with the command, so that nothing is
changed that nobody wrote down. The server has answered just before, so that transaction is short.
Events hold the key's name and what was done, never a field, a member or a value.
"""

import hashlib
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import redis
from django.db import transaction
from redis.exceptions import ResponseError

from audit import services as audit
from audit.actions import Action
from audit.actors import Actor
from browser import quoting
from browser.connection import Command, Server
from browser.refusals import ChangedMeanwhile, KeyGone
from instances.models import Instance
from redisgate.lib.errors import Conflict

AUDITED_NAME_LENGTH = 200
Reply = bytes | int | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is changed, and by whom."""

    actor: Actor
    instance: Instance
    server: Server
    database: int


def digest(now: Reply) -> str:
    """Fingerprint what was shown, so that a form can say what it was made from."""
    if now is None:
        return "absent"
    raw = now if isinstance(now, bytes) else str(now).encode()
    return hashlib.sha256(raw).hexdigest()


def edit(
    place: Place, name: bytes, what: str, *, read: Command, seen: str, write: Sequence[Command]
) -> list[object]:
    """Change a part of a key, unless ``read`` no longer answers what was ``seen``.

    Raises ChangedMeanwhile, also for a change between our look and our write.
    """
    place.server.send("WATCH", name)
    now = place.server.send(*read)
    if digest(now) != seen:
        raise ChangedMeanwhile(_as_bytes(now))
    with written_down(place, Action.DATA_UPDATE, name, what=what):
        replies = _execute(place.server, write)
        if replies is None:
            raise ChangedMeanwhile(_as_bytes(place.server.send(*read)))
    return replies


def add_to(place: Place, name: bytes, what: str, *write: Command) -> list[object]:
    """Add to a key that is there; one that is gone doesn't come back by this. Raises KeyGone."""
    try:
        return edit(place, name, what, read=("EXISTS", name), seen=digest(1), write=write)
    except ChangedMeanwhile as error:
        if error.now is None:
            raise KeyGone from None
        raise Conflict("Others change this key all the time. Try again.") from None


def create(place: Place, name: bytes, *write: Command, ttl_seconds: int | None) -> None:
    """Make a key that isn't there yet, with its first content and its time to live."""
    place.server.send("WATCH", name)
    if place.server.send("EXISTS", name):
        raise Conflict("There is a key of this name already. Open it, or choose another name.")
    expiry: tuple[Command, ...] = (("EXPIRE", name, ttl_seconds),) if ttl_seconds else ()
    with written_down(place, Action.DATA_CREATE, name):
        if _execute(place.server, [*write, *expiry]) is None:
            raise Conflict("Somebody made a key of this name just now. Open it.")


def rename(place: Place, name: bytes, new: bytes) -> None:
    """Rename a key, but never over another one."""
    _must_exist(place, name)
    with written_down(place, Action.DATA_RENAME, name, new_key=_audited(new)):
        if not _say(place, name, ("RENAMENX", name, new)):
            raise Conflict("There is a key of this name already. Choose another name.")


def copy(place: Place, name: bytes, new: bytes, database: int) -> None:
    """Copy a key with its time to live, but never over another one."""
    _must_exist(place, name)
    with written_down(place, Action.DATA_COPY, name, new_key=_audited(new), new_database=database):
        if not place.server.send("COPY", name, new, "DB", database):
            raise Conflict("There is a key of this name already. Choose another name.")


def expire(place: Place, name: bytes, ttl_seconds: int | None) -> None:
    """Set the time to live, or take it away."""
    _must_exist(place, name)
    ttl: Command = ("EXPIRE", name, ttl_seconds) if ttl_seconds else ("PERSIST", name)
    with written_down(place, Action.DATA_EXPIRE, name, ttl_seconds=ttl_seconds):
        place.server.send(*ttl)


def delete(place: Place, name: bytes) -> None:
    """Delete a key; its memory is freed beside the server's work."""
    _must_exist(place, name)
    with written_down(place, Action.DATA_DELETE, name):
        if not place.server.send("UNLINK", name):
            raise KeyGone


def remove_item(place: Place, name: bytes, index: int, seen: str) -> None:
    """Remove one item of a list by its place, which the server has no command for."""
    mark = f"redisgate-removed-{secrets.token_hex(16)}".encode()
    write: list[Command] = [("LSET", name, index, mark), ("LREM", name, 1, mark)]
    edit(place, name, "item removed", read=("LINDEX", name, index), seen=seen, write=write)


@contextmanager
def written_down(place: Place, action: Action, name: bytes, **more: object) -> Iterator[None]:
    """Write the event; a refusal in the block takes it back.

    Where no answer came, the command may have run: then the event stays, and the refusal goes on.
    """
    unanswered: redis.RedisError | None = None
    with transaction.atomic():
        audit.record(
            place.actor,
            action,
            organization_id=place.instance.organization_id,
            object_id=place.instance.pk,
            object_label=place.instance.name,
            changes={"key": _audited(name), "database": place.database, **more},
        )
        try:
            yield
        except (redis.ConnectionError, redis.TimeoutError) as error:
            unanswered = error
    if unanswered is not None:
        raise unanswered


def _execute(server: Server, write: Sequence[Command]) -> list[object] | None:
    """Run all in one transaction of the server; None when a watched key was changed.

    By hand, because the client puts the command, and so the value, into the text of its errors.
    """
    server.send("MULTI")
    for words in write:
        server.send(*words)
    replies: list[object] | None = server.send("EXEC")
    for reply in replies or ():
        if isinstance(reply, ResponseError):
            raise reply
    return replies


def _say(place: Place, name: bytes, command: Command) -> object:
    try:
        return place.server.send(*command)
    except ResponseError as error:
        if str(error).endswith("no such key"):
            raise KeyGone from None
        raise


def _must_exist(place: Place, name: bytes) -> None:
    if not place.server.send("EXISTS", name):
        raise KeyGone


def _audited(name: bytes) -> str:
    return quoting.shown(name)[:AUDITED_NAME_LENGTH]


def _as_bytes(now: Reply) -> bytes | None:
    """Give what is there now; where the server answers 0, nothing is."""
    return (str(now).encode() if now else None) if isinstance(now, int) else now
