"""Requests a second: over HTTP with wrk, and straight to the server with redis-benchmark."""

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

CONNECTIONS = "64"
SECONDS = 5
SCRIPT = """
wrk.method = "POST"
wrk.body = '["SET","foo","bar"]'
wrk.headers["Authorization"] = "Bearer %s"
"""


def missing_programs() -> list[str]:
    return [name for name in ("wrk", "redis-benchmark") if shutil.which(name) is None]


def over_http(url: str, token: str) -> float:
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(SCRIPT % token)
        script.flush()
        report = _run("wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "-s", script.name, url)
    assert "Non-2xx" not in report, report
    return _number(r"Requests/sec:\s+([0-9.]+)", report)


def straight(redis_url: str) -> float:
    options = ("-t", "set", "-c", CONNECTIONS, "-n", "300000", "-q")
    report = _run("redis-benchmark", "-u", redis_url, *options)
    return _number(r"SET: ([0-9.]+) requests per second", report)


def _run(program: str, *arguments: str) -> str:
    path = Path(shutil.which(program) or program)
    done = subprocess.run(  # noqa: S603  the command is our own
        [path, *arguments], capture_output=True, text=True, check=True, timeout=120
    )
    return done.stdout


def _number(pattern: str, report: str) -> float:
    found = re.search(pattern, report)
    assert found, report
    return float(found[1])
