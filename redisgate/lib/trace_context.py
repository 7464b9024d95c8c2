"""Which trace the work at hand belongs to, as W3C Trace Context has it (`traceparent`)."""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

HEADER = "traceparent"
SAMPLED = 0x01
_FORM = re.compile(
    r"(?P<version>[0-9a-f]{2})-(?P<trace_id>[0-9a-f]{32})-(?P<span_id>[0-9a-f]{16})"
    r"-(?P<flags>[0-9a-f]{2})(?P<more>-.*)?",
    re.ASCII | re.DOTALL,
)
HEADER_LENGTH_MAX = 512
INVALID_VERSION = "ff"


@dataclass(frozen=True, slots=True)
class TraceContext:
    """A place in a trace; ids in hex, as they travel."""

    trace_id: str
    span_id: str
    is_sampled: bool = False


_current: ContextVar[TraceContext | None] = ContextVar("trace_context", default=None)


def current() -> TraceContext | None:
    return _current.get()


def parse(header: str | None) -> TraceContext | None:
    """Read the header, or return None where it breaks the rules: a trace then begins here.

    A later version may say more behind what this one knows (Trace Context, 4.3).
    """
    if not header or len(header) > HEADER_LENGTH_MAX:
        return None
    found = _FORM.fullmatch(header)
    if found is None or found["version"] == INVALID_VERSION:
        return None
    if found["more"] and found["version"] == "00":
        return None
    if not int(found["trace_id"], 16) or not int(found["span_id"], 16):
        return None
    is_sampled = bool(int(found["flags"], 16) & SAMPLED)
    return TraceContext(found["trace_id"], found["span_id"], is_sampled)


@contextmanager
def entered(context: TraceContext) -> Iterator[TraceContext]:
    """Work at this place of a trace."""
    token = _current.set(context)
    try:
        yield context
    finally:
        _current.reset(token)


@contextmanager
def continued(header: str | None) -> Iterator[TraceContext]:
    """Work in the trace that the sender names, or in a new one, in a place of its own.

    Where somebody outside has entered a place for this request already, that one stays.
    """
    known = _current.get()
    if known is not None:
        yield known
        return
    sender = parse(header)
    trace_id = sender.trace_id if sender else secrets.token_hex(16)
    is_sampled = sender is not None and sender.is_sampled
    with entered(TraceContext(trace_id, secrets.token_hex(8), is_sampled)) as context:
        yield context
