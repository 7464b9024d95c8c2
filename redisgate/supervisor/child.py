"""One role as a running process."""

import os
import signal
import subprocess
import time
from functools import partial

from redisgate.lib.pulse import HUNG_SECONDS, silent_seconds
from redisgate.supervisor.parent_death import die_with_parent
from redisgate.supervisor.restarts import BackOff
from redisgate.supervisor.roles import Role


class Child:
    """Start, watch and end the process of one role."""

    def __init__(self, role: Role) -> None:
        self.role = role
        self.starts_at = time.monotonic()
        """When the process may start next."""
        self._process: subprocess.Popen[bytes] | None = None
        self._started_at = 0.0
        self._back_off = BackOff()

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Start it in a session of its own, so that Ctrl-C reaches the supervisor alone.

        With SIGKILL at our death the controller has no time to stop the instances: they go on,
        and the next start adopts them.
        """
        self._started_at = time.monotonic()
        self._process = subprocess.Popen(  # noqa: S603  the command is our own
            self.role.command,
            stdin=subprocess.DEVNULL,
            pass_fds=self.role.inherits,
            start_new_session=True,
            preexec_fn=partial(die_with_parent, os.getpid(), signal.SIGKILL),
        )

    def ended(self) -> int | None:
        """Return the exit code once the process has ended, and forget the process."""
        if self._process is None or (code := self._process.poll()) is None:
            return None
        self._process = None
        return code

    def start_later(self) -> float:
        """Put off the next start after an end that nobody asked for; return the seconds."""
        wait = self._back_off.after(time.monotonic() - self._started_at)
        self.starts_at = time.monotonic() + wait
        return wait

    def is_due(self) -> bool:
        return self._process is None and time.monotonic() >= self.starts_at

    def is_hung(self) -> bool:
        """Say whether it has shown no sign of work for too long."""
        pulse = self.role.pulse
        if pulse is None or self._process is None:
            return False
        up_seconds = time.monotonic() - self._started_at
        return min(up_seconds, silent_seconds(pulse)) > HUNG_SECONDS

    def terminate(self) -> None:
        if self._process is not None:
            self._process.terminate()

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
