"""What is counted beside pages and queries, and who may read it."""

import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from django.db import DatabaseError, ProgrammingError, connection, connections
from django.test import Client, RequestFactory
from pytest_django import Settings

from observability import (
    dead_workers,
    exposition,
    health,
    metric_files,
    metrics,
    population,
    queries,
    query_counts,
    reference,
    statements,
)
from observability.health import Finding, Status
from redisgate.views import server_error
from tests.conftest import Cast
from tests.platform import ROOT
from tests.rows import add_instance


@pytest.fixture(autouse=True)
def nothing_is_remembered() -> Iterator[None]:
    health.forget()
    population.forget()
    yield
    population.forget()


def value(name: str, **labels: str) -> float:
    return metrics.REGISTRY.get_sample_value(name, labels) or 0.0


def scraped(client: Client | None = None) -> list[str]:
    return (client or Client()).get("/metrics").content.decode().splitlines()


def test_a_page_that_fails_before_anybody_is_known_is_a_page(rf: RequestFactory) -> None:
    page = server_error(rf.get("/"))
    assert page.status_code == 500
    assert b"</html>" in page.content


def test_promtool_finds_nothing_to_say(cast: Cast) -> None:
    add_instance(cast.acme)
    promtool = shutil.which("promtool")
    assert promtool, "install Debian's package prometheus"
    text = "\n".join(scraped()) + "\n"
    checked = subprocess.run(
        [promtool, "check", "metrics"], input=text, text=True, capture_output=True, check=False
    )
    assert (checked.returncode, checked.stdout + checked.stderr) == (0, "")


def test_what_is_there_is_counted_when_somebody_asks(cast: Cast) -> None:
    instance = add_instance(cast.acme, status="running", memory_mb=64)
    stopped = add_instance(cast.acme, status="stopped", wish="stopped")
    lines = scraped()
    assert "users_total 5.0" in lines
    assert "organizations_total 2.0" in lines
    assert 'redis_instances_total{status="running"} 1.0' in lines
    assert 'redis_instances_total{status="error"} 0.0' in lines
    assert f'redis_instance_up{{instance_id="{instance.pk}"}} 1.0' in lines
    assert (
        f'redis_instance_memory_limit_bytes{{instance_id="{instance.pk}"}} 6.7108864e+07' in lines
    )
    assert not [line for line in lines if str(stopped.pk) in line and "_up" in line]
    assert 'component_up{component="database"} 1.0' in lines


def test_without_one_of_them_the_rest_is_told(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> population.Counts:
        raise ProgrammingError

    monkeypatch.setitem(population._sources, ("users_total",), broken)
    Client().get("/version")
    lines = scraped()
    assert not [line for line in lines if line.startswith("users_total ")]
    assert "controller_lease_held 0.0" in lines
    assert [line for line in lines if line.startswith("http_requests_total{")]


def hangs() -> population.Counts:
    raise AssertionError


def test_a_database_that_hangs_is_not_asked_for_metrics(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(population._sources, ("users_total",), hangs)
    text = exposition.render({"database": Finding(Status.DOWN, 2000.0)}).decode()
    assert 'component_up{component="database"} 0.0' in text
    assert "\nhost_cpu_seconds_total{" in text


def test_while_a_database_is_late_what_was_counted_last_is_told(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    exposition.render({"database": Finding(Status.OK, 1.0)})
    monkeypatch.setitem(population._sources, ("users_total",), hangs)
    monkeypatch.setattr(population._known, "_seconds", 0.0)
    text = exposition.render({"database": Finding(Status.DEGRADED, 2000.0)}).decode()
    assert 'component_up{component="database"} 1.0' in text
    assert "\ncontroller_lease_held 0.0\n" in text


ELSEWHERE = {
    *("component_up", "component_latency_seconds", "redisgate_build_info"),
    *("host_cpu_seconds_total", "process_cpu_seconds_total"),
    *metrics.PROCESSES,
}
"""Known without the database."""


def test_every_source_belongs_to_a_metric() -> None:
    described = {name for _, group in metrics.COLLECTED for name in group}
    assert population.registered() <= described
    assert described == population.registered() | ELSEWHERE


@pytest.mark.parametrize(
    ("path", "route", "status"),
    [
        ("/version", "/version", "200"),
        ("/orgs/secret-name/api-keys/", "/orgs/<slug:org>/api-keys/", "302"),
        ("/no/such/page-of-a-person", "unknown", "404"),
    ],
)
def test_pages_are_counted_by_route(db: None, path: str, route: str, status: str) -> None:
    labels = {"method": "GET", "path": route}
    count, seconds = "http_requests_total", "http_request_duration_seconds_count"
    before = value(count, **labels, status=status), value(seconds, **labels)
    Client().get(path)
    after = value(count, **labels, status=status), value(seconds, **labels)
    assert after == (before[0] + 1, before[1] + 1)
    assert path == route or path not in "\n".join(scraped())


def test_methods_that_people_make_up_are_one(db: None) -> None:
    before = value("http_requests_total", method="other", path="/version", status="405")
    Client().generic("FROB", "/version")
    after = value("http_requests_total", method="other", path="/version", status="405")
    assert after == before + 1


@pytest.mark.parametrize(
    ("sql", "kind"),
    [
        ("SELECT 1", "select"),
        ("(SELECT 1) UNION (SELECT 2)", "select"),
        ('INSERT INTO "a" VALUES (1)', "insert"),
        ("UPDATE a SET b = 1", "update"),
        ("DELETE FROM a", "delete"),
        ("SAVEPOINT x", "other"),
        ("", "other"),
    ],
)
def test_queries_are_named_by_what_they_do(sql: str, kind: str) -> None:
    assert query_counts.label_of(statements.kind_of(sql)) == kind


def test_queries_and_their_errors_are_counted(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("database_queries_total", "database_query_errors_total")
    monkeypatch.setattr(connections["default"], "execute_wrappers", [queries.watched])
    monkeypatch.setattr(queries, "_listeners", [query_counts.count])
    before = [value(name, type="select") for name in names]
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    with pytest.raises(DatabaseError), connection.cursor() as cursor:
        cursor.execute("SELECT nothing FROM nowhere")
    after = [value(name, type="select") for name in names]
    assert after == [before[0] + 2, before[1] + 1]


FROM_ELSEWHERE = {"REMOTE_ADDR": "192.0.2.7"}


@pytest.mark.parametrize(
    ("extra", "status"),
    [
        ({}, 200),
        ({"REMOTE_ADDR": "::1"}, 200),
        ({"REMOTE_ADDR": "::ffff:127.0.0.1"}, 200),
        ({"REMOTE_ADDR": "::ffff:192.0.2.7"}, 403),
        (FROM_ELSEWHERE, 403),
        ({"REMOTE_ADDR": ""}, 403),
        ({"HTTP_X_FORWARDED_FOR": "127.0.0.1"}, 403),
        ({"HTTP_FORWARDED": "for=127.0.0.1"}, 403),
        ({**FROM_ELSEWHERE, "HTTP_AUTHORIZATION": "Bearer "}, 403),
        ({**FROM_ELSEWHERE, "HTTP_AUTHORIZATION": "Bearer anything"}, 403),
    ],
)
def test_only_this_machine_reads_metrics_by_default(
    db: None, extra: Mapping[str, str], status: int
) -> None:
    assert Client().get("/metrics", **extra).status_code == status  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("authorization", "status"),
    [("Bearer s3cret", 200), ("bearer s3cret", 200), ("Bearer s3cre", 403), ("Basic s3cret", 403)],
)
def test_a_token_opens_metrics_from_elsewhere(
    db: None, settings: Settings, authorization: str, status: int
) -> None:
    settings.METRICS_TOKEN = "s3cret"
    answer = Client().get("/metrics", REMOTE_ADDR="192.0.2.7", HTTP_AUTHORIZATION=authorization)
    assert answer.status_code == status


def test_a_trusted_proxy_may_forward(db: None, settings: Settings) -> None:
    settings.TRUSTED_PROXIES = ["192.0.2.1"]
    answer = Client().get("/metrics", HTTP_X_FORWARDED_FOR="127.0.0.1")
    assert answer.status_code == 200


def test_nobody_writes_metrics(db: None) -> None:
    assert Client(enforce_csrf_checks=True).post("/metrics").status_code == 405


def test_files_of_dead_processes_are_cleared_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(metric_files.VARIABLE, "")
    for name in ("999999999", "1", "rubbish"):
        (tmp_path / name).mkdir()
    mine = metric_files.begin(tmp_path)
    (mine / "counter_1.db").touch()
    assert metric_files.begin(tmp_path) == mine
    assert {each.name for each in tmp_path.iterdir()} == {"1", mine.name}
    assert not list(mine.iterdir())


COUNT_IN_A_CHILD = """
import sys
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
registry = CollectorRegistry()
Counter("done", "Done.", ["what"], registry=registry).labels("work").inc(int(sys.argv[1]))
Histogram("took", "Took.", buckets=(1, 2), registry=registry).observe(int(sys.argv[1]))
Gauge("open", "Open.", multiprocess_mode="livesum", registry=registry).set(7)
import os
print(os.getpid())
"""


def test_what_dead_workers_counted_is_kept_in_one_place(
    db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(metric_files.VARIABLE, str(tmp_path))
    for amount in ("1", "2", "4"):
        child = [sys.executable, "-c", COUNT_IN_A_CHILD, amount]
        pid = int(subprocess.run(child, capture_output=True, check=True).stdout)
        assert (tmp_path / f"counter_{pid}.db").exists()
        dead_workers.merge(pid)
        dead_workers.merge(pid)  # a second time changes nothing
    lines = exposition.render({}).decode().splitlines()
    assert 'done_total{what="work"} 7.0' in lines
    assert [line for line in lines if line.startswith("took_")] == [
        "took_sum 7.0",
        'took_bucket{le="1.0"} 1.0',
        'took_bucket{le="2.0"} 2.0',
        'took_bucket{le="+Inf"} 3.0',
        "took_count 3.0",
    ]
    assert not [line for line in lines if line.startswith("open")]
    assert {file.name for file in tmp_path.glob("*.db")} == {"counter_0.db", "histogram_0.db"}


def test_reference_page_is_up_to_date() -> None:
    page = (ROOT / "docs" / "reference" / "metrics.md").read_text()
    assert page == reference.render(page)
    assert "| `redis_commands_total` | counter | `command` |" in page
