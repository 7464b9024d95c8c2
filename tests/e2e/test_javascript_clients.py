"""The official JavaScript clients against the running platform: only URL and token are changed.

The tests themselves are in JavaScript, run by node's own test runner.
"""

import os
import subprocess
from pathlib import Path

import httpx
import pytest

from tests.e2e.conftest import Ready, make

pytestmark = pytest.mark.e2e

CLIENTS = Path(__file__).parent.parent / "clients"
SECONDS = 120


@pytest.mark.parametrize("script", sorted(path.name for path in CLIENTS.glob("*.test.mjs")))
def test_javascript(script: str, ready: Ready) -> None:
    run(script, ready, ready.token)


def test_ratelimit_within_key_patterns(api: httpx.Client, ready: Ready) -> None:
    key = make(api, ready, key_patterns=["narrow:*"], rate_limit=10_000)
    run("within_patterns.mjs", ready, key["key"])


def run(script: str, ready: Ready, token: str) -> None:
    assert (CLIENTS / "node_modules").is_dir(), "Run .ci/clients, or make test, to install them"
    done = subprocess.run(
        ["node", "--test", script],
        cwd=CLIENTS,
        env={
            "PATH": os.environ["PATH"],
            "UPSTASH_REDIS_REST_URL": ready.url,
            "UPSTASH_REDIS_REST_TOKEN": token,
        },
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "# pass 0" not in done.stdout, done.stdout
