"""A pipe that signals write to, so that a select() ends with them and none is slept over."""

import os
import signal


def open_pipe() -> int:
    """Return the end to wait on."""
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    os.set_blocking(writing, False)
    signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    return reading


def drain(reading: int) -> None:
    while True:
        try:
            if not os.read(reading, 4096):
                return
        except BlockingIOError:
            return
