"""Command lines that work when somebody pastes them into another terminal."""

import shlex
import sys
from pathlib import Path

from django.conf import settings


def command(name: str, *, host: str, port: int, data_dir: Path) -> str:
    """Name a command of manage.py for the platform that runs there, started from this directory."""
    places = {"HOST": host, "PORT": str(port), "DATA_DIR": _from_here(data_dir)}
    defaults = {
        "HOST": settings.DEFAULT_HOST,
        "PORT": str(settings.DEFAULT_PORT),
        "DATA_DIR": _from_here(settings.DEFAULT_DATA_DIR),
    }
    words = [
        *(f"{key}={shlex.quote(it)}" for key, it in places.items() if it != defaults[key]),
        shlex.quote(_from_here(Path(sys.executable))),
        shlex.quote(_from_here(settings.BASE_DIR / "manage.py")),
        name,
    ]
    return " ".join(words)


def make_run(*, host: str, port: int, data_dir: Path) -> str:
    """Name `make run` on that port, with all else that tells this platform from another."""
    words = ["make run"]
    if host != settings.DEFAULT_HOST:
        words.append(f"HOST={shlex.quote(host)}")
    words.append(f"PORT={port}")
    if data_dir != settings.DEFAULT_DATA_DIR:
        words.append(f"DATA_DIR={shlex.quote(_from_here(data_dir))}")
    return " ".join(words)


def _from_here(path: Path) -> str:
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)
