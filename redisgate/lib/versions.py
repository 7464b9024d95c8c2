"""``ETag``, ``If-None-Match`` and ``If-Match``: nobody overwrites what they haven't seen.

An ETag has two halves. The first is of what people set, the second of the whole answer, which a
server changes by itself, too: ``If-Match`` compares the first, ``If-None-Match`` both.
"""

import hashlib
import re
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from http import HTTPStatus
from typing import Any

from django.db import OperationalError, connection, transaction
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from redisgate.lib.errors import Conflict, InvalidInput, RedisGateError
from redisgate.lib.write_lock import retried_when_locked

ATTEMPTS = 5
TAG = re.compile(r'(?:W/)?"([!#-~]*)"')
ETAGS = re.compile(rf"\s*(?:\*|{TAG.pattern}(?:\s*,\s*{TAG.pattern})*)\s*")
CHANGED_BY_OTHERS = {"40001", "40P01"}
"""PostgreSQL's words for a snapshot that is out of date, and for a deadlock."""

_is_held: ContextVar[bool] = ContextVar("is_held", default=False)


class ChangedMeanwhile(RedisGateError):
    """If-Match named another version than the one that is there."""

    code = "changed_meanwhile"
    status = HTTPStatus.PRECONDITION_FAILED
    title = "Changed meanwhile"

    def __init__(self) -> None:
        super().__init__(
            "This was changed since you read it, so nothing was done. Read it again, then repeat "
            "your change."
        )


class NoVersion(InvalidInput):
    """If-Match was sent to an address that can't be read, and so has no version."""

    code = "no_version"

    def __init__(self) -> None:
        super().__init__("What is at this address has no version. Leave If-Match out.")


class NoEtags(InvalidInput):
    """If-Match held something else than versions."""

    code = "unreadable_version"

    def __init__(self) -> None:
        super().__init__(
            'If-Match takes the ETag of an answer as it came, such as W/"1f0c.9a3b", several with '
            "commas between them, or * for any. Nothing was done."
        )


def etag_of(data: Any, observed: Collection[str] = ()) -> str:
    """Name a version; ``observed`` are fields that change without anybody setting them."""
    rest = data
    if isinstance(data, dict):
        rest = {name: value for name, value in data.items() if name not in observed}
    return f'W/"{_digest(rest)}.{_digest(data)}"'


def is_known(header: str, etag: str) -> bool:
    """Tell whether ``If-None-Match`` names this very answer."""
    return header.strip() == "*" or _inner(etag) in TAG.findall(header)


def is_same_version(header: str, etag: str) -> bool:
    """Tell whether ``If-Match`` names what people have set."""
    version = _inner(etag).partition(".")[0]
    versions = {tag.partition(".")[0] for tag in TAG.findall(header)}
    return header.strip() == "*" or version in versions


def changed_only_if(
    header: str, read: Callable[[], Response], change: Callable[[], Response], observed: Any = ()
) -> Response:
    """Change what is still as the caller saw it. Raises ChangedMeanwhile, or NoEtags.

    Reading and changing see one snapshot: whoever else changes the same rows meanwhile makes this
    begin again, and then see it.
    """
    if not ETAGS.fullmatch(header):
        raise NoEtags

    @retried_when_locked
    def attempt() -> Response:
        with _snapshot():
            if not is_same_version(header, etag_of(read().data, observed)):
                raise ChangedMeanwhile
            return change()

    for _ in range(ATTEMPTS):
        try:
            return attempt()
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", None) not in CHANGED_BY_OTHERS:
                raise
    raise Conflict("Others are changing this all the time. Try again in a moment.")


def is_held() -> bool:
    """Tell whether a version is being compared and changed: what takes long has to wait.

    Until that ends nobody else sees the change, and other writers may be standing in line.
    """
    return _is_held.get()


@contextmanager
def _snapshot() -> Iterator[None]:
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if is_outermost and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        held = _is_held.set(True)
        try:
            yield
        finally:
            _is_held.reset(held)


def _digest(data: Any) -> str:
    text: bytes = JSONRenderer().render(data)
    return hashlib.sha256(text).hexdigest()[:16]


def _inner(etag: str) -> str:
    return etag.removeprefix("W/").strip('"')
