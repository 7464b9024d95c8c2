"""Processes of the measurement: each on one core, and what the kernel counted for it."""

import contextlib
import os
import signal
import socket
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tests.waiting import wait_until

SERVER_CORE = 0
"""Here runs what is measured, and nothing else."""
LOAD_CORE = 1
"""Here runs everything else: the load, the Redis servers, the rest of the platform."""

STOP_SECONDS = 20
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
# Fields 14 and 15 of proc(5)'s stat, counted from the one that comes after the program's name.
_USER_TICKS, _SYSTEM_TICKS = 11, 12


# Asked once, before anything is pinned: who is on one core already sees no other.
_CORES = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set[int]()


def has_two_cores() -> bool:
    """Say whether server and load can be kept apart."""
    return {SERVER_CORE, LOAD_CORE} <= _CORES


def pin(core: int) -> None:
    """Keep this process, and what it will start, on one core, where the machine has two."""
    if has_two_cores():
        os.sched_setaffinity(0, {core})


@contextlib.contextmanager
def started(
    command: Sequence[str], *, log: Path, environment: Mapping[str, str] | None = None
) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a program on the server's core and end it."""
    with log.open("ab") as output:
        process = subprocess.Popen(  # noqa: S603  the command is our own
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            preexec_fn=lambda: pin(SERVER_CORE),
        )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_for_port(port: int, *, log: Path) -> None:
    wait_until(lambda: _takes_connections(port), f"somebody listens on {port}", log=log)


def _takes_connections(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def only_child(pid: int) -> int:
    """Give the one process that this one has started."""
    [child] = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return int(child)


def cpu_seconds(pid: int) -> float:
    """Give the time that all threads of a process have spent on a core, in steps of 10 ms."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[_USER_TICKS]) + int(fields[_SYSTEM_TICKS])) / TICKS_PER_SECOND


def resident_mb(pid: int) -> float:
    """Give the memory of a process, what it shares with others included."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    [kilobytes] = [line.split()[1] for line in lines if line.startswith("VmRSS:")]
    return int(kilobytes) / 1024
