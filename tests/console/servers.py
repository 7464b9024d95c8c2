"""A real server with the platform's users, and redis-cli beside it."""

import subprocess
from collections.abc import Sequence

from tests.gateway.parts import Server


def redis_cli(server: Server, words: Sequence[bytes | str], *, resp3: bool = False) -> bytes:
    """Print a reply as redis-cli does on a terminal, without the end of the last line."""
    run = subprocess.run(
        [
            *("redis-cli", "-s", server.socket_path, "--user", "rg-admin", "--no-auth-warning"),
            *("--no-raw", *(["-3"] if resp3 else [])),
            *words,
        ],
        env={"REDISCLI_AUTH": "admin-token", "PATH": "/usr/bin:/bin:/usr/local/bin"},
        capture_output=True,
        check=True,
        timeout=10,
    )
    return run.stdout
