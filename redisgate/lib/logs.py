"""Every line of the log, whoever wrote it: what it tells, without secrets, in one of two forms.

All take the same way, through one handler and one formatter.
"""

import json
import logging
import sys
import threading
from collections.abc import MutableMapping
from contextlib import suppress
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, TextIO

import structlog
from structlog.processors import ExceptionRenderer
from structlog.stdlib import ProcessorFormatter
from structlog.tracebacks import ExceptionDictTransformer
from structlog.typing import Processor

from redisgate.lib import log_context, redaction, request_id, trace_context
from redisgate.lib.log_lines import TextLine

Event = MutableMapping[str, Any]

FRAMES_MAX = 50
# What a record has of its own; the rest came with `extra`.
_OWN = frozenset(vars(logging.LogRecord("", 0, "", 0, "", (), None))) | {
    *("message", "asctime", "taskName", "color_message"),
}
_PLAIN = (str, int, float, bool)

log = logging.getLogger("redisgate")


class Handler(logging.StreamHandler[TextIO]):
    """Writes to standard error."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        """Name a record that can't be written. By default all it holds would be shown, raw."""
        place = f"{record.filename}:{record.lineno}"
        words = f"a line of {place} can't be written: {type(sys.exc_info()[1]).__name__}"
        told = log.makeRecord(
            record.name, logging.ERROR, record.pathname, record.lineno, words, (), None
        )
        with suppress(OSError, ValueError):  # where nobody reads any more, or it is closed
            self.stream.write(f"{self.format(told)}{self.terminator}")
            self.flush()


def formatter(form: str, *, has_colours: bool = False) -> logging.Formatter:
    """Make the formatter of every handler; ``form`` is json or text."""
    last: list[Processor]
    if form == "json":
        transform = ExceptionDictTransformer(show_locals=False, max_frames=FRAMES_MAX)
        last = [ExceptionRenderer(transform), _without_secrets, _as_json]
    else:
        last = [structlog.processors.format_exc_info, _without_secrets, TextLine(has_colours)]
    return ProcessorFormatter(
        processors=[_told, _with_context, ProcessorFormatter.remove_processors_meta, *last]
    )


def begin() -> None:
    """Let warnings and errors that nobody caught go through the same handler."""
    logging.captureWarnings(capture=True)
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
    else:
        log.critical("This process ends with an error.", exc_info=(kind, error, trace))


def _uncaught_in_thread(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is not None and args.exc_type is not SystemExit:
        told = (args.exc_type, args.exc_value, args.exc_traceback)
        log.critical("A thread ends with an error.", exc_info=told)


# The steps, in their order


def _told(_logger: object, _method: str, event: Event) -> Event:
    """Add what the record knows, and what came with ``extra``.

    Of that plain values alone: an object, such as a request, says too much of itself.
    """
    record: logging.LogRecord = event["_record"]
    moment = datetime.fromtimestamp(record.created, UTC)
    event["timestamp"] = moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    event["logger"], event["level"] = record.name, record.levelname.lower()
    for name, given in vars(record).items():
        if name not in _OWN and not name.startswith("_") and isinstance(given, _PLAIN):
            event[name] = given
    return event


def _with_context(_logger: object, _method: str, event: Event) -> Event:
    if name := request_id.current():
        event.setdefault("request_id", name)
    if (place := trace_context.current()) is not None:
        event.setdefault("trace_id", place.trace_id)
        event.setdefault("span_id", place.span_id)
    for field, known in log_context.current().items():
        event.setdefault(field, known)
    return event


def _without_secrets(_logger: object, _method: str, event: Event) -> Event:
    """Hide secrets in everything that is about to be written. No line comes past this."""
    return {name: redaction.field(name, given) for name, given in event.items()}


_FIRST = ("timestamp", "level", "logger", "event")


def _as_json(_logger: object, _method: str, event: Event) -> str:
    ordered = {name: event.pop(name) for name in _FIRST if name in event}
    return json.dumps({**ordered, **event}, ensure_ascii=False, default=str)
