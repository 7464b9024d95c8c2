"""Spans: what a request did in each part of the platform, for whoever looks at traces.

Without a tracer there are none, and nobody pays for them. A span that isn't inside of another one
begins with a request that was chosen, so what belongs to no such request costs one look, too.
"""

import random
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from enum import Enum, auto

from redisgate.lib import trace_context
from redisgate.lib.trace_context import TraceContext

Attributes = Mapping[str, str | int | float | bool]
ROUTE = "redisgate.route"
"""Where a request's ASGI scope says which route answers it."""
CHOSEN = "redisgate.is_traced"
"""Where it says whether it was chosen, when somebody has decided that before."""


class Kind(Enum):
    SERVER = auto()
    INTERNAL = auto()
    CLIENT = auto()


class Span(ABC):
    """A piece of work with a beginning and an end."""

    place: TraceContext

    @abstractmethod
    def note(self, attributes: Attributes) -> None:
        """Say more about it: no argument, no value and no secret."""

    @abstractmethod
    def rename(self, name: str) -> None: ...

    @abstractmethod
    def fail(self, reason: str) -> None:
        """Mark it as failed; the reason is a class of errors or a code."""

    @abstractmethod
    def end(self) -> None: ...


class Tracer(ABC):
    """Makes spans, and brings those that ended to where they are looked at."""

    @abstractmethod
    def begin(
        self, name: str, kind: Kind, parent: Span | TraceContext | None, attributes: Attributes
    ) -> Span: ...


class NoSpan(Span):
    """Work that nobody looks at."""

    place = TraceContext("0" * 32, "0" * 16)

    def note(self, attributes: Attributes) -> None: ...

    def rename(self, name: str) -> None: ...

    def fail(self, reason: str) -> None: ...

    def end(self) -> None: ...


class NoTracer(Tracer):
    """Makes nothing."""

    def begin(
        self, name: str, kind: Kind, parent: Span | TraceContext | None, attributes: Attributes
    ) -> Span:
        return NO_SPAN


NO_SPAN = NoSpan()
_tracer: Tracer = NoTracer()
_ratio = 0.0
_current: ContextVar[Span | None] = ContextVar("span", default=None)


def use(tracer: Tracer, ratio: float) -> None:
    """Trace this part of all requests from now on, from 0 to 1, and those that senders chose."""
    global _tracer, _ratio
    _tracer, _ratio = tracer, ratio


def is_on() -> bool:
    return not isinstance(_tracer, NoTracer)


def draw() -> bool:
    """Choose by chance, as often as the ratio says."""
    return random.random() < _ratio  # noqa: S311  no secret


def wants(sender: TraceContext | None) -> bool:
    """Tell whether a request is traced: its sender decides, else chance."""
    return draw() if sender is None else sender.is_sampled


@contextmanager
def request_span(name: str, sender: TraceContext | None, attributes: Attributes) -> Iterator[Span]:
    """Begin the span of a request that was chosen, in its sender's trace where there is one."""
    with _entered(_tracer.begin(name, Kind.SERVER, sender, attributes)) as span:
        yield span


@contextmanager
def span(
    name: str, kind: Kind = Kind.INTERNAL, attributes: Attributes | None = None
) -> Iterator[Span]:
    """Begin a span inside the one at hand; without one there is nothing to tell."""
    inside = begin(name, kind, attributes or {})
    if inside is None:
        yield NO_SPAN
        return
    with _entered(inside):
        yield inside


def begin(name: str, kind: Kind, attributes: Attributes) -> Span | None:
    """Begin a span inside the one at hand, if any, for a caller who ends it later."""
    parent = _current.get()
    return None if parent is None else _tracer.begin(name, kind, parent, attributes)


@contextmanager
def _entered(span: Span) -> Iterator[Span]:
    token = _current.set(span)
    try:
        with trace_context.entered(span.place):
            yield span
    except BaseException as error:
        span.fail(type(error).__qualname__)
        raise
    finally:
        _current.reset(token)
        span.end()
