"""What each part of a platform in production takes while it has little to do.

    python -m bench.sizing

Starts the roles one by one, as docker-compose.yml does, on a PostgreSQL and a Valkey of their own.
"""

import json
import os
import sys

import psycopg

from tests.deploy.as_deployed import Deployment, ask, deployed
from tests.platform import fact_of

REQUESTS = 500
"""Enough for each worker to have met everything that it keeps."""


def main() -> None:
    """Start, ask a little, and print a table."""
    with deployed() as platform:
        kit = json.loads(platform.run("quickstart", "--json", "--rate-limit", "100000"))
        for number in range(REQUESTS):
            body = json.dumps(["SET", f"key:{number}", "x" * 100]).encode()
            ask(kit["url"], token=kit["token"], body=body)
        for page in ("/accounts/login/", "/health", "/api/schema") * 5:
            ask(platform.url + page)
        for line in _lines(platform):
            sys.stdout.write(f"{line}\n")


def _lines(platform: Deployment) -> list[str]:
    parts = {
        "web, master": {platform.web_master()},
        "web, worker": platform.web_workers(),
        "keep": platform.processes_with(b"keep"),
        "controller": platform.processes_with(b"controller"),
        "worker": {platform.processes["worker"].pid},
        "server of an instance": platform.processes_with(b"--dir"),
        "platform's Valkey": {platform.processes["valkey"].pid},
    }
    lines = ["| part | processes | resident MB each | own share MB each |", "|---|---|---|---|"]
    for name, pids in parts.items():
        resident, share = (_mean(pids, field) for field in ("Rss", "Pss"))
        lines.append(f"| {name} | {len(pids)} | {resident:.0f} | {share:.0f} |")
    return [*lines, f"| connections to PostgreSQL | {_connections(platform)} | | |"]


def _mean(pids: set[int], field: str) -> float:
    """Average a field of proc(5)'s smaps_rollup, which shares out what processes have in common."""
    return sum(_megabytes(pid, field) for pid in pids) / len(pids)


def _megabytes(pid: int, field: str) -> float:
    lines = fact_of(pid, "smaps_rollup").decode().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{field}:")) / 1024


def _connections(platform: Deployment) -> int:
    url = platform.data_dir.parent / "secrets" / "platform" / "database_url"
    with psycopg.connect(url.read_text()) as connection:
        row = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        ).fetchone()
    return int(row[0]) - 1 if row else 0


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    main()
