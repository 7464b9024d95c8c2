"""Where spans go, when a file says so."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from observability import otlp
from redisgate import own_secrets
from redisgate.lib.env import BadSetting
from tests.platform import ROOT
from tests.receiver import receiving

# In a process of its own, at whose end the SDK sends what it has.
SEND = """
from observability import otel, tracing
tracer = otel.OtelTracer(version="1.2.3", environment="testing")
tracer.begin("a span", tracing.Kind.SERVER, None, {}).end()
"""


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "headers").write_text("x-team=a,authorization=Bearer%20CANARY-0123\n")
    (tmp_path / "endpoint").write_text("http://collector:4318/\n")
    return {
        f"{otlp.ENDPOINT}_FILE": str(tmp_path / "endpoint"),
        "OTEL_EXPORTER_OTLP_HEADERS_FILE": str(tmp_path / "headers"),
    }


def test_spans_go_where_a_file_says_with_the_headers_of_a_file(files: dict[str, str]) -> None:
    with receiving() as receiver:
        Path(files[f"{otlp.ENDPOINT}_FILE"]).write_text(receiver.url)
        environment = {"PATH": os.environ["PATH"], **files}
        command = [sys.executable, "-c", SEND]
        subprocess.run(command, cwd=ROOT, env=environment, check=True, timeout=60)
    ((path, sent),) = receiver.taken
    assert (path, b"a span" in sent) == ("/v1/traces", True)
    assert receiver.headers[0]["authorization"] == "Bearer CANARY-0123"
    assert receiver.headers[0]["x-team"] == "a"


def test_headers_in_a_file_are_secrets_of_our_own(
    files: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in files.items():
        monkeypatch.setenv(name, value)
    assert {"Bearer%20CANARY-0123", "CANARY-0123"} <= set(own_secrets.known())


def test_what_is_for_traces_alone_counts_more(
    files: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert otlp.endpoint() is None
    for name, value in files.items():
        monkeypatch.setenv(name, value)
    assert otlp.endpoint() == "http://collector:4318/v1/traces"
    monkeypatch.setenv(otlp.TRACES_ENDPOINT, "http://other/spans")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TRACES_HEADERS", "x-team=b")
    assert (otlp.endpoint(), otlp.headers()) == ("http://other/spans", "x-team=b")


def test_both_forms_of_one_variable_are_refused(
    files: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {**files, otlp.ENDPOINT: "http://collector:4318"}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(BadSetting, match="are both set"):
        otlp.endpoint()
