"""What the kernel counts, looked at in ourselves."""

import os
import subprocess
import sys
from pathlib import Path

from bench import processes
from tests.waiting import wait_until


def test_time_spent_is_counted() -> None:
    before = processes.cpu_seconds(os.getpid())
    wait_until(
        lambda: processes.cpu_seconds(os.getpid()) > before, meanwhile=lambda: sum(range(100_000))
    )


def test_memory_is_counted() -> None:
    assert 10 < processes.resident_mb(os.getpid()) < 10_000


def test_the_only_child_is_found() -> None:
    code = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'input()'])"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE) as parent:
        children = Path(f"/proc/{parent.pid}/task/{parent.pid}/children")
        wait_until(children.read_text)
        assert processes.only_child(parent.pid) == int(children.read_text())
