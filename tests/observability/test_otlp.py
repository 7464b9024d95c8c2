"""Where spans go, and with which headers."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from pytest_django import Settings

from observability import otlp
from redisgate import own_secrets
from tests.platform import ROOT
from tests.receiver import receiving

# In a process of its own, at whose end the SDK sends what it has.
SEND = """
from observability import otel, tracing
tracer = otel.OtelTracer(version="1.2.3", environment="testing")
tracer.begin("a span", tracing.Kind.SERVER, None, {}).end()
"""


def test_spans_go_where_a_file_says_with_the_headers_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "headers").write_text("x-team=a,authorization=Bearer%20CANARY-0123\n")
    with receiving() as receiver:
        (tmp_path / "endpoint").write_text(f"{receiver.url}/\n")
        environment = {
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "redisgate.settings",
            "DATA_DIR": str(tmp_path / "data"),
            "OTEL_EXPORTER_OTLP_ENDPOINT_FILE": str(tmp_path / "endpoint"),
            "OTEL_EXPORTER_OTLP_HEADERS_FILE": str(tmp_path / "headers"),
        }
        command = [sys.executable, "-c", SEND]
        subprocess.run(command, cwd=ROOT, env=environment, check=True, timeout=60)
    ((path, sent),) = receiver.taken
    assert (path, b"a span" in sent) == ("/v1/traces", True)
    assert receiver.headers[0]["authorization"] == "Bearer CANARY-0123"
    assert receiver.headers[0]["x-team"] == "a"


@pytest.mark.parametrize("kind", ["", "TRACES_"])
def test_headers_are_secrets_of_our_own(settings: Settings, kind: str) -> None:
    setattr(settings, f"OTEL_EXPORTER_OTLP_{kind}HEADERS", "x-a=b,authorization=Bearer%20CANARY-01")
    assert {"Bearer%20CANARY-01", "CANARY-01"} <= set(own_secrets.known())


def test_what_is_for_traces_alone_counts_more(settings: Settings) -> None:
    assert (otlp.endpoint(), otlp.headers()) == (None, "")
    settings.OTEL_EXPORTER_OTLP_ENDPOINT = "http://collector:4318/"
    settings.OTEL_EXPORTER_OTLP_HEADERS = "x-team=a"
    assert (otlp.endpoint(), otlp.headers()) == ("http://collector:4318/v1/traces", "x-team=a")
    settings.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT = "http://other/spans"
    settings.OTEL_EXPORTER_OTLP_TRACES_HEADERS = "x-team=b"
    assert (otlp.endpoint(), otlp.headers()) == ("http://other/spans", "x-team=b")
