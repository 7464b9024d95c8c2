"""How long an installed platform takes from the command to /health/ready."""

import time

from tests import platform


def measure(rounds: int) -> list[float]:
    """Return seconds for each start; the first one, which also prepares the data, isn't counted."""
    times = []
    with platform.directory() as data_dir:
        for _ in range(rounds + 1):
            begin = time.perf_counter()
            with platform.running(data_dir):
                times.append(time.perf_counter() - begin)
    return times[1:]
