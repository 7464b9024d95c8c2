"""A line of the log as people read it: time, level, who says it, the words, whom it is about."""

from collections.abc import Callable, MutableMapping
from typing import Any

_COLOURS = {"debug": "2", "warning": "33", "error": "31", "critical": "31;1"}
_FAINT = "2"
_HIDDEN = frozenset({"timestamp", "level", "logger", "event", "exception", "trace_id", "span_id"})
"""The last two are for programs: they'd be half of the line."""
# Whoever can write into a line must not be able to begin one, nor to colour a terminal.
_CONTROLS = {code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160))} | {
    ord("\n"): "\\n",
    ord("\r"): "\\r",
    ord("\t"): "\t",
    0x2028: "\\u2028",
    0x2029: "\\u2029",
}


class TextLine:
    """Write an event as a line, and a traceback below it, indented."""

    def __init__(self, has_colours: bool) -> None:
        self._paint: Callable[[str, str], str] = _painted if has_colours else _plain

    def __call__(self, _logger: object, _method: str, event: MutableMapping[str, Any]) -> str:
        level = event["level"]
        words = str(event["event"]).translate(_CONTROLS)
        about = " ".join(
            f"{name}={_shown(given)}" for name, given in event.items() if name not in _HIDDEN
        )
        line = (
            f"{self._paint(event['timestamp'], _FAINT)} "
            f"{self._paint(f'{level.upper():<7}', _COLOURS.get(level, ''))} "
            f"{event['logger']}: {words}"
        )
        if about:
            line += "  " + self._paint(about, _FAINT)
        return line + _indented(event.get("exception"))


def _shown(given: Any) -> str:
    words = str(given).translate(_CONTROLS)
    return repr(words) if " " in words or not words else words


def _indented(trace: Any) -> str:
    if not trace:
        return ""
    lines = str(trace).splitlines()
    return "".join(f"\n    {line.translate(_CONTROLS)}" for line in lines)


def _painted(words: str, colour: str) -> str:
    return f"\x1b[{colour}m{words}\x1b[0m" if colour else words


def _plain(words: str, _colour: str) -> str:
    return words
