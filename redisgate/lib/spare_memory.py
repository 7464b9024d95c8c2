"""Memory that a burst has left behind goes back to the system when there is time for it.

Connections are cycles of objects, which Python finds only after thousands of others, and the C
library keeps what lies below anything that is still used. So a worker that once carried large
values would stay as large as it was then.
"""

import ctypes
import gc
from asyncio import AbstractEventLoop

QUIET_SECONDS = 1.0
"""Nothing may be under way for so long, because a collection stops the loop for milliseconds."""
PAUSE_SECONDS = 10.0
"""Not more often than this, for the sake of traffic that comes and goes."""

_trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc has it, musl doesn't


class SpareMemory:
    """Watch whether one event loop is busy, and tidy up behind it."""

    def __init__(self, loop: AbstractEventLoop) -> None:
        self._loop = loop
        self._is_due = False
        self._busy_at = self._tidied_at = loop.time()

    def note(self, *, is_busy: bool) -> None:
        """Take in how it is now. Call it at least every second."""
        now = self._loop.time()
        if is_busy:
            self._busy_at = now
            self._is_due = True
        elif self._is_due and now >= max(
            self._busy_at + QUIET_SECONDS, self._tidied_at + PAUSE_SECONDS
        ):
            self._is_due = False
            self._tidied_at = now
            self._tidy()

    def _tidy(self) -> None:
        gc.collect()
        if _trim is not None:
            self._loop.run_in_executor(None, _trim, 0)  # ctypes lets go of the interpreter
