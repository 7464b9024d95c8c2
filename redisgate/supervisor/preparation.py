"""What must be in place before the first process starts."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import Error, connections

from redisgate.lib import direct_database, migrations
from redisgate.supervisor.refusal import CannotStart


def migrate_database() -> None:
    """Bring the database up to date; where it is already, that costs a look."""
    try:
        if migrations.is_behind():
            call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
    except Error as error:
        raise CannotStart(
            f"{direct_database.complaint(error)}, or leave DATABASE_URL empty to use a file in "
            "DATA_DIR."
        ) from error
    finally:
        connections.close_all()


def collect_static() -> None:
    """Gather files for browsers, unless they are the same as last time."""
    stamp = Path(settings.STATIC_ROOT) / ".sources"
    fingerprint = _fingerprint()
    if stamp.exists() and stamp.read_text() == fingerprint:
        return
    call_command("collectstatic", verbosity=0, interactive=False)
    stamp.write_text(fingerprint)


def _fingerprint() -> str:
    """Sum up name, size and time of change of every source; reading them all would take long."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in sorted(finder.list([]), key=lambda found: str(found[0])):
            stat = Path(storage.path(name)).stat()
            digest.update(f"{name}\0{stat.st_size}\0{stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()
