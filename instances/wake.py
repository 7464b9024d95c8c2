"""Wake the control loop: a datagram says "look now", and a lost one costs half a second."""

import os
import select
import socket
from contextlib import suppress
from pathlib import Path

from django.conf import settings

from instances.ends import Ends


def socket_path() -> Path:
    return Path(settings.RUN_DIR) / "controller.sock"


def wake() -> None:
    """Ask the loop of this host to look now. Without one nothing happens."""
    with (
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as bell,
        suppress(OSError),  # not there, not listening, or it is full of calls already
    ):
        bell.sendto(b"!", str(socket_path()))


class Bell:
    """The loop's ear: it hears `wake` once it listens, `ring` from threads, and ends of servers."""

    def __init__(self) -> None:
        self._near, self._far = socket.socketpair()
        self._near.settimeout(0)
        self._far.settimeout(0)
        self._door: socket.socket | None = None
        self.ends = Ends()

    @property
    def signal_descriptor(self) -> int:
        """For ``signal.set_wakeup_fd``, so that a signal ends `wait` at once."""
        return self._far.fileno()

    def listen(self) -> None:
        """Take the place where `wake` knocks; who listened there before hears no more."""
        if self._door is not None:
            return
        door = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        # Bound under another name first, so that there is never a moment without a socket.
        fresh = socket_path().with_suffix(f".{os.getpid()}")
        fresh.unlink(missing_ok=True)
        door.bind(str(fresh))
        fresh.rename(socket_path())
        self._door = door

    def ring(self) -> None:
        with suppress(BlockingIOError):
            self._far.send(b"!")

    def wait(self, timeout_seconds: float) -> bool:
        """Wait for any sound, and say whether it came from outside."""
        ears = [self._near] if self._door is None else [self._near, self._door]
        poll = select.poll()  # unlike select() it bears descriptors above 1,024
        for number in (*(ear.fileno() for ear in ears), self.ends.fileno()):
            poll.register(number, select.POLLIN)
        heard = {number for number, _ in poll.poll(max(timeout_seconds, 0.0) * 1000)}
        for ear in ears:
            if ear.fileno() in heard:
                _drain(ear)
        return self._door is not None and self._door.fileno() in heard

    def close(self) -> None:
        for end in (self._near, self._far, self._door, self.ends):
            if end is not None:
                end.close()


def _drain(ear: socket.socket) -> None:
    with suppress(BlockingIOError):
        while ear.recv(4096):
            pass
