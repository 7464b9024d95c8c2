"""What can go wrong between a page and a server, in words with the way out."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

import redis
from redis import exceptions

from browser.bounded_socket import ANSWER_BYTES, TooLarge
from instances.models import Instance
from instances.states import Status, Wish
from redisgate.lib.errors import Conflict, Forbidden, NotFound, RedisGateError, Unavailable
from redisgate.lib.units import MEGABYTE


class ChangedMeanwhile(Conflict):
    """Somebody else changed what was shown; ``now`` is what is there, None when it is gone."""

    code: ClassVar[str] = "changed_meanwhile"
    title: ClassVar[str] = "Was changed meanwhile"

    def __init__(self, now: bytes | None) -> None:
        words = "Somebody deleted it" if now is None else "Somebody changed it"
        super().__init__(
            f"{words} after you opened it. Nothing was written: look at both and decide.",
            log="the value isn't the one that was shown",
        )
        self.now = now


class KeyGone(NotFound):
    """The key was deleted or has expired."""

    code: ClassVar[str] = "key_gone"
    title: ClassVar[str] = "The key is gone"

    def __init__(self) -> None:
        super().__init__(
            "This key is not there. It was deleted, it expired, or it was evicted for room.",
            log="the key doesn't exist",
        )


@contextmanager
def in_words(instance: Instance) -> Iterator[None]:
    """Turn what the client library and the server say into refusals for a person."""
    try:
        yield
    except redis.RedisError as error:
        raise refusal(error, instance) from error


def refusal(error: redis.RedisError, instance: Instance) -> RedisGateError:
    """Say what an error means, and what helps."""
    log = f"{type(error).__name__}: {error}"
    if isinstance(error, exceptions.BusyLoadingError):
        return Unavailable(
            "The server is loading its data. Try again in a moment.",
            log=log,
            retry_after_seconds=1,
        )
    if isinstance(error, exceptions.AuthenticationError):
        return Unavailable(
            "The server doesn't know RedisGate's user yet. Try again in a moment; if that does "
            "not help, restart the instance.",
            log=log,
            retry_after_seconds=1,
        )
    if isinstance(error, redis.TimeoutError):
        return Unavailable(
            "The server didn't answer in time: it is busy with something long. Nothing is known "
            "of what you sent; look again before you repeat it.",
            log=log,
            retry_after_seconds=2,
        )
    if isinstance(error, TooLarge):
        return Conflict(
            f"What the server holds here is larger than {ANSWER_BYTES // MEGABYTE} MB, too large "
            "for a page. Read it in parts with a client.",
            log=log,
        )
    if isinstance(error, redis.ConnectionError):
        return Unavailable(_away(instance), log=log, retry_after_seconds=1)
    return _answer(error, log)


_CODES: dict[str, tuple[type[RedisGateError], str]] = {
    "BUSY": (
        Unavailable,
        "A script keeps the server busy. Wait for it, or end it with SCRIPT KILL.",
    ),
    "MISCONF": (
        Unavailable,
        "The server refuses writes, because it can't save to disk. Tell your operator.",
    ),
    "WRONGTYPE": (
        Conflict,
        "The key holds another type by now: somebody replaced it. Open it again.",
    ),
    "BUSYGROUP": (Conflict, "There is a group of this name already. Choose another name."),
    "NOGROUP": (Conflict, "This group is not there any more. Open the key again."),
    "NOREPLICAS": (Unavailable, "Too few replicas are there to write. Try again later."),
}


def _answer(error: redis.RedisError, log: str) -> RedisGateError:
    """Say what the server's own refusal means; its text goes along where we know no better."""
    if isinstance(error, exceptions.OutOfMemoryError):
        return Conflict(
            "The instance is full and evicts nothing. Delete keys, give it more memory, or choose "
            "an eviction policy.",
            log=log,
        )
    if isinstance(error, exceptions.ReadOnlyError):
        return Conflict("This server is a replica and can't be written to.", log=log)
    if isinstance(error, exceptions.NoPermissionError):
        return Forbidden(f"The server's access rules refuse this: {error}", log=log)
    code = str(error).split(" ", 1)[0]
    kind, words = _CODES.get(code, (Conflict, f"The server refused: {error}"))
    return kind(words, log=log)


def _away(instance: Instance) -> str:
    if instance.wish == Wish.STOPPED:
        return "The instance is stopped. Start it to see its data."
    if instance.status in {Status.PENDING, Status.CREATING}:
        return "The instance is starting. That takes about a second; then load the page again."
    if instance.status == Status.ERROR:
        return "The server is not running, and its page says why. Restart it there."
    return "The server can't be reached right now. Try again in a few seconds."
