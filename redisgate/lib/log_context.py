"""Whom and what the lines of the log are about, beside their words.

A scope is a request, a socket, a job or a look at an instance. What is bound deeper inside, on
whatever thread, is said by every later line of it and by no line of another.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypedDict, Unpack

Values = dict[str, str]


class About(TypedDict, total=False):
    """The fields there are: ids, and never a name or an address of a person."""

    person: object
    organization: object
    instance: object
    key: str
    """Of an API key its name on servers, of a management key what lists show of it."""
    job: object


_current: ContextVar[Values | None] = ContextVar("log_context", default=None)


@contextmanager
def scope(**about: Unpack[About]) -> Iterator[None]:
    """Begin a scope inside the one at hand, if any; both say what the outer one knows."""
    token = _current.set({**(_current.get() or {}), **_texts(about)})
    try:
        yield
    finally:
        _current.reset(token)


def bind(**about: Unpack[About]) -> None:
    """Let the later lines of this scope say so, too. Outside of any it would never end."""
    values = _current.get()
    if values is not None:
        values.update(_texts(about))


def current() -> Mapping[str, str]:
    return _current.get() or {}


def _texts(about: About) -> Values:
    return {name: str(value) for name, value in about.items() if value is not None}
