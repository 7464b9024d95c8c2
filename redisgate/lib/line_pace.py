"""Lines of one kind that many can cause at once: some are written, the others counted."""

import time
from threading import Lock

FORGET_SECONDS = 60
"""After which a line tells of something else than those before it."""


class LinePace:
    """Let so many lines through in a second."""

    def __init__(self, lines_per_second: int = 10) -> None:
        self._most = lines_per_second
        self._lock = Lock()
        self._second = 0
        self._written = 0
        self._left_out = 0

    def take(self) -> dict[str, int] | None:
        """Return fields for a line that may be written, or None where it is left out.

        They say how many were left out just before it.
        """
        second = int(time.monotonic())
        with self._lock:
            if second - self._second > FORGET_SECONDS:
                self._left_out = 0
            if second != self._second:
                self._second, self._written = second, 0
            if self._written >= self._most:
                self._left_out += 1
                return None
            self._written += 1
            left_out, self._left_out = self._left_out, 0
        return {"left_out": left_out} if left_out else {}
