"""A child must not outlive the process that watches over it."""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def die_with_parent(parent: int, with_signal: signal.Signals) -> None:
    """Ask the kernel to signal this process when ``parent`` ends, however it ends.

    Linux only; elsewhere a killed supervisor leaves its children to be stopped by hand. The
    kernel watches the thread that forked, so parents fork from their main thread.
    """
    if not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, with_signal, 0, 0, 0)
    if os.getppid() != parent:  # it ended before the kernel knew
        os.kill(os.getpid(), with_signal)
