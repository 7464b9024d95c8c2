"""What dead workers have counted goes on counting, in one file for all of them.

Files of their own would stay until `web` restarts, and each scrape reads them all.
"""

from pathlib import Path

from prometheus_client import multiprocess
from prometheus_client.mmap_dict import MmapedDict

from observability import metric_files

MERGED = 0
"""The pid in the name of the merged file; no process has it."""


def merge(pid: int) -> None:
    """Let go of a worker's gauges, and add what else it counted to what dead ones have."""
    with metric_files.held(alone=True) as directory:
        multiprocess.mark_process_dead(pid, str(directory))  # type: ignore[no-untyped-call]
        for kind in ("counter", "histogram"):
            left = directory / f"{kind}_{pid}.db"
            if left.exists():
                _add(left, directory / f"{kind}_{MERGED}.db")
                left.unlink()


def _add(left: Path, merged: Path) -> None:
    sums = MmapedDict(str(merged))  # type: ignore[no-untyped-call]
    for key, value, _, _ in MmapedDict.read_all_values_from_file(str(left)):  # type: ignore[no-untyped-call]
        before, _ = sums.read_value(key)  # type: ignore[no-untyped-call]
        sums.write_value(key, before + value, 0.0)  # type: ignore[no-untyped-call]
    sums.close()  # type: ignore[no-untyped-call]
