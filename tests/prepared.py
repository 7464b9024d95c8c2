"""A data directory in which a first start finds everything done, for tests of what comes later.

To migrate an empty database and to collect static files takes longer than all else of a start.
One is made for all processes of a run, by the first that wants it, and each test has a copy.
"""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from tests import platform

MAKE = (
    "import django; django.setup();"
    "from redisgate.supervisor import preparation;"
    "preparation.migrate_database(); preparation.collect_static()"
)
FILES = ("redisgate.sqlite3", "keyring.json")
"""A database belongs to the keys that sealed what is in it."""
FOLDERS = ("static", "bundles")


@contextmanager
def directory() -> Iterator[Path]:
    """A data directory of one's own, as an earlier start would have left it."""
    earlier = original()
    with platform.directory() as data_dir:
        data_dir.mkdir(mode=0o700)
        for file in FILES:
            shutil.copy2(earlier / file, data_dir)
        for folder in FOLDERS:
            shutil.copytree(earlier / folder, data_dir / folder)
        yield data_dir


def original() -> Path:
    """Give the one that is copied; processes of one run share the settings' DATA_DIR."""
    place: Path = settings.DATA_DIR / "prepared"
    with place.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not place.exists():
            half = place.with_suffix(".half")
            _make(half)
            half.rename(place)
    return place


def _make(data_dir: Path) -> None:
    shutil.rmtree(data_dir, ignore_errors=True)
    variables = {
        **platform.environment(data_dir),
        "DJANGO_SETTINGS_MODULE": "redisgate.settings",
        "PYTHONPATH": os.fspath(platform.ROOT),
    }
    subprocess.run([sys.executable, "-c", MAKE], env=variables, check=True)
