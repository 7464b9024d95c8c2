"""How one web master follows another on the same socket, so that nobody is refused meanwhile.

SIGUSR2 has gunicorn start a second master from the code that is there now. When that has loaded
and its first worker stands ready, it takes the former one's name, and that one is asked to finish
what it has begun. A successor that can't get there ends by itself, and the former serves on.
"""

import os
import signal
from contextlib import suppress

from gunicorn import systemd
from gunicorn.workers.base import Worker

from redisgate.lib import role_marks

WEB = "web"
FIRST_FD = 3
"""Where systemd puts the first socket that it hands over, see sd_listen_fds(3)."""


def mark() -> None:
    """Say that this process is web; of a successor its first worker says so."""
    if is_successor():
        role_marks.hold()
    else:
        role_marks.mark(WEB)


def socket_of_systemd() -> int | None:
    """Give the listening socket that systemd has opened for this very process, if any.

    Gunicorn would find it, too, but hand on a wrong number to its successor.
    """
    is_for_us = os.environ.pop("LISTEN_PID", "") == str(os.getpid())
    os.environ.pop("LISTEN_FDS", None)
    return FIRST_FD if is_for_us else None


def is_successor() -> bool:
    """Tell whether the socket comes from a master that ran before, which gunicorn sees to."""
    return "GUNICORN_FD" in os.environ


def relieve_former(worker: Worker) -> None:
    """Let the former master go, once the first worker of its successor stands ready."""
    former = int(os.environ.get("GUNICORN_PID", "0"))
    if former and worker.age == 1:
        _take_over(worker, former)
        with suppress(ProcessLookupError):
            os.kill(former, signal.SIGTERM)


def _take_over(worker: Worker, former: int) -> None:
    """Have systemd and metrics look at the successor, before the process that they know ends."""
    systemd.sd_notify(f"MAINPID={worker.ppid}", worker.log)
    role_marks.mark(WEB, process=worker.ppid, instead_of=former)
