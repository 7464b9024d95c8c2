"""Say by the exit code whether this machine's part of the platform works.

    python deploy/probe.py live|ready|startup    web, by its probe of this name
    python deploy/probe.py controller|worker     these, by their pulse

Needs nothing but Python, because it runs every few seconds.
"""

import http.client
import os
import sys
import time
from pathlib import Path

TIMEOUT_SECONDS = 2.5
HUNG_SECONDS = 30.0
"""Longer than `up` and `keep` wait (25 s), which have started again by then what hangs."""
HAVE_A_PULSE = ("controller", "worker")
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  compared, not bound


def main(what: str) -> int:
    """Return 0 where it works; else say on stderr what doesn't."""
    trouble = pulse_trouble(what) if what in HAVE_A_PULSE else web_trouble(f"/health/{what}")
    if trouble:
        sys.stderr.write(f"{trouble}\n")
    return 1 if trouble else 0


def web_trouble(path: str) -> str:
    """Ask web on this machine; empty when it answers 200."""
    host = os.environ.get("HOST") or "127.0.0.1"
    port = int(os.environ.get("PORT") or 8000)
    connection = http.client.HTTPConnection(
        EVERYWHERE.get(host, host), port, timeout=TIMEOUT_SECONDS
    )
    try:
        connection.request("GET", path, headers={"Host": "127.0.0.1"})
        response = connection.getresponse()
        said = response.read().decode(errors="replace")
    except (OSError, http.client.HTTPException) as error:
        return f"{path}: {error!r}"
    finally:
        connection.close()
    return "" if response.status == http.client.OK else f"{path}: {response.status} {said}"


def pulse_trouble(role: str) -> str:
    """Look how long ago the role was last at work."""
    pulse = Path(os.environ.get("DATA_DIR") or "var") / "run" / f"{role}.pulse"
    try:
        silent_seconds = time.time() - pulse.stat().st_mtime
    except OSError as error:
        return f"no pulse: {error}"
    return "" if silent_seconds < HUNG_SECONDS else f"no pulse for {silent_seconds:.0f} s"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
