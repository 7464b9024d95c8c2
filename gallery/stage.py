"""A platform of the gallery's own: a fresh data directory, a world in it, and web alone.

No controller runs, so that each instance stays in the state that it is shown in. The few real
servers were started by one before, and live on.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests import platform
from tests.waiting import wait_until

START_SECONDS = 120.0
FACTS = "facts.json"
PAPERS = "papers"

Directory = Callable[[], AbstractContextManager[Path]]


@dataclass(frozen=True, slots=True)
class Stage:
    """Where the world is served, and what its objects are called in addresses."""

    url: str
    facts: Mapping[str, str]
    sessions: Mapping[str, str]
    """Cookies by the names of those who are logged in."""
    papers: Path
    """Folder of what is drawn and has no address."""


@contextmanager
def opened(directory: Directory = platform.directory) -> Iterator[Stage]:
    """Make the world, serve it, and end everything that was started."""
    with directory() as data_dir:
        data_dir.mkdir(mode=0o700, exist_ok=True)
        environment = platform.environment(
            data_dir, WEB_WORKERS="1", REDIS_URL="none", DJANGO_SETTINGS_MODULE="redisgate.settings"
        )
        try:
            _run(environment, sys.executable, "-m", "gallery.world")
            told = json.loads((data_dir / FACTS).read_text())
            with _served(environment):
                yield Stage(
                    environment["PUBLIC_URL"], told["facts"], told["sessions"], data_dir / PAPERS
                )
        finally:
            for pid in platform.processes_of(data_dir):
                os.kill(pid, signal.SIGKILL)


def _run(environment: Mapping[str, str], *command: str) -> None:
    done = subprocess.run(  # noqa: S603  the command is our own
        command, cwd=platform.ROOT, env=dict(environment), capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(f"The gallery's world could not be made:\n{done.stdout}{done.stderr}")


@contextmanager
def _served(environment: Mapping[str, str]) -> Iterator[None]:
    url = environment["PUBLIC_URL"]
    log = Path(environment["DATA_DIR"]) / "web.log"
    with log.open("ab") as output:
        process = subprocess.Popen(  # noqa: S603  the command is our own
            [*platform.MANAGE, "web"],
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    try:
        wait_until(
            lambda: platform.get(f"{url}/health/live")[0] == 200,
            "web answers",
            seconds=START_SECONDS,
            log=log,
        )
        yield
    finally:
        process.terminate()
        process.wait(30)
