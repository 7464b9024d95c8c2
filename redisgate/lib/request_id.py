"""The name of the request at hand, the same in its answer, in the log and in the audit log."""

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

HEADER = "X-Request-ID"
ACCEPTED = re.compile(r"[A-Za-z0-9._:-]{1,64}\Z")

_current: ContextVar[str] = ContextVar("request_id", default="")


def current() -> str:
    """Return the request's id; empty outside of any request."""
    return _current.get()


@contextmanager
def named(asked: str | None) -> Iterator[str]:
    """Run a request under the id that its sender gave, or under a fresh one."""
    name = asked if asked and ACCEPTED.match(asked) else uuid.uuid4().hex
    token = _current.set(name)
    try:
        yield name
    finally:
        _current.reset(token)
