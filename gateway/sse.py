"""Server-sent events, as the HTML standard and Upstash's clients read them. Pure.

Those clients take each line that begins with ``data: `` for a message and no other line for
anything. So what isn't a message says ``data:`` without the space, which the standard allows.
"""

import re
from collections.abc import Sequence

import orjson

from gateway.resp import Reply

HEARTBEAT = b": \n\n"
RETRY_MILLISECONDS = 1000
LINE_END = re.compile(rb"\r\n|\r|\n")
# A server behind a unix socket names it, and with it a directory of the host.
MONITOR_PATH = re.compile(rb"^(\S+ \[\d+ unix):[^\"]*?(?=\] \")")


def event(text: bytes, event_id: str = "", *, says_retry: bool = False) -> bytes:
    """Write one event of any bytes; what isn't UTF-8 becomes U+FFFD.

    A text of several lines is one event of several ``data`` lines, and every kind of line end
    arrives as a line feed: the standard has no other way, and a bare one would end the event.
    """
    first, *more = LINE_END.split(text.decode("utf-8", "replace").encode())
    lines = [b"data: " + first, *map(_continued, more)]
    if event_id:
        lines.append(b"id: " + event_id.encode())
    if says_retry:
        lines.append(b"retry: %d" % RETRY_MILLISECONDS)
    return b"\n".join(lines) + b"\n\n"


def _continued(line: bytes) -> bytes:
    """Write a further line so that no client takes it for a message of its own."""
    # One space would be dropped; a text's own needs another in front.
    return b"data:" + (b" " if line.startswith(b" ") else b"") + line


def named(name: str, values: dict[str, object]) -> bytes:
    """Write an event of ours, which the official clients pass over."""
    return b"event: %s\ndata:%s\n\n" % (name.encode(), orjson.dumps(values))


def failed(words: str) -> bytes:
    """Say why the stream ends."""
    return named("error", {"error": words})


def gap(last_event_id: str, missed: int | None = None) -> bytes:
    """Say that events after this one were missed; None when nobody knows how many."""
    return named("gap", {"last_event_id": last_event_id[:64], "missed": missed})


def comment(words: str) -> bytes:
    """Write what only people read."""
    return b": %s\n\n" % words.encode()


def goodbye(words: str) -> bytes:
    """Say why a stream ends that can be opened again at once."""
    return b"retry: %d\n: %s\n\n" % (RETRY_MILLISECONDS, words.encode())


def push_text(push: Sequence[Reply]) -> bytes:
    """Write what a subscription brings: ``message,channel,payload``."""
    return b",".join(part if isinstance(part, bytes) else str(part).encode() for part in push)


def monitor_text(line: bytes) -> bytes:
    """Write a line of MONITOR; the first is ``"OK"``, in quotes, as Upstash sends it."""
    return b'"OK"' if line == b"OK" else MONITOR_PATH.sub(rb"\1", line)
