"""The official JavaScript clients against the running platform: only URL and token are changed.

The tests themselves are in JavaScript, run by node's own test runner.
"""

import os
import subprocess
from pathlib import Path

import pytest

from tests.e2e.conftest import Ready

pytestmark = pytest.mark.e2e

CLIENTS = Path(__file__).parent.parent / "clients"
SECONDS = 120


@pytest.mark.parametrize("script", sorted(path.name for path in CLIENTS.glob("*.test.mjs")))
def test_javascript(script: str, ready: Ready) -> None:
    assert (CLIENTS / "node_modules").is_dir(), "Run .ci/clients, or make test, to install them"
    done = subprocess.run(
        ["node", "--test", script],
        cwd=CLIENTS,
        env={
            "PATH": os.environ["PATH"],
            "UPSTASH_REDIS_REST_URL": ready.url,
            "UPSTASH_REDIS_REST_TOKEN": ready.token,
        },
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "# pass 0" not in done.stdout, done.stdout
