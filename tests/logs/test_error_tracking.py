"""What an error tracker is told, and what it never is."""

import json
import subprocess
import sys

import pytest

from redisgate.lib.env import BadSetting
from redisgate.lib.env_rules import require_installed
from redisgate.lib.env_values import tracker_address
from tests.platform import ROOT
from tests.receiver import receiving

CANARY = "CANARY0123456789abcdef"
# In a process of its own, because the tracker's client stays in the log for good.
FAIL = f"""
import logging, sys
from observability import error_tracking
from redisgate.lib import log_context, request_id
error_tracking.begin(sys.argv[1], environment="testing", release="redisgate@1.2.3")
log = logging.getLogger("redisgate.test")
log.addHandler(logging.NullHandler())
password = "{CANARY}"
with request_id.named("my-request"), log_context.scope(person=7, instance="an-instance"):
    log.warning("not this one")
    try:
        raise ValueError(f"redis://default:{{password}}@host and _token={{password}}")
    except ValueError:
        link = "/accounts/password/reset/key/1-{CANARY}/"
        log.exception("%s broke, password=%s", link, password, extra={{"token": password}})
"""


def test_tracker_is_told_of_an_error_without_secrets_and_people() -> None:
    with receiving() as receiver:
        address = receiver.url.replace("http://", "http://public@") + "/42"
        subprocess.run([sys.executable, "-c", FAIL, address], cwd=ROOT, check=True, timeout=60)
    ((path, envelope),) = receiver.taken
    assert path == "/api/42/envelope/"
    assert CANARY.encode() not in envelope
    _, _, event = map(json.loads, envelope.splitlines())
    assert event["environment"] == "testing"
    assert event["release"] == "redisgate@1.2.3"
    assert event["tags"] == {"instance": "an-instance", "request_id": "my-request"}
    (error,) = event["exception"]["values"]
    assert error["value"] == "redis://default:[redacted]@host and _token=[redacted]"
    assert "vars" not in error["stacktrace"]["frames"][-1]
    assert not {"user", "request", "breadcrumbs"} & {name for name, it in event.items() if it}


@pytest.mark.parametrize(
    "value", ["https://host/1", "host", "https://key@host", "ftp://key@host/1", "https://key@/1"]
)
def test_address_that_is_none_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        tracker_address(value)


def test_missing_packages_are_said_with_the_way_out() -> None:
    with pytest.raises(BadSetting) as refusal:
        require_installed("no_such_package.inside", "TRACING", "requirements-tracing.txt")
    assert str(refusal.value) == (
        "TRACING needs packages that are not installed: run "
        "`.venv/bin/pip install -r requirements-tracing.txt`, build the image with EXTRAS=tracing, "
        "or take TRACING out of the settings."
    )
    require_installed("json", "TRACING", "requirements-tracing.txt")
