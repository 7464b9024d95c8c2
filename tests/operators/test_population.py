"""What metrics tell of the whole platform, and who gets it as JSON."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from pytest_django import Settings

from accounts.models import User
from instances import duties, leading, own_certificate
from instances.lease import CONTROLLER, LIFETIME
from instances.models import Lease
from mail.delivery import deliver
from observability import population as counts
from operators import population
from quotas.models import InstanceQuota
from tests.certificates import self_signed
from tests.conftest import Cast
from tests.operators.rows import add_host
from tests.quotas.rows import add_key
from tests.rows import add_instance

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_is_remembered() -> Iterator[None]:
    for each in (counts, population):
        each.forget()
    yield
    for each in (counts, population):
        each.forget()


def test_the_lead_is_told_with_its_last_renewal() -> None:
    assert leading.lease() == {"controller_lease_held": {(): 0.0}}
    until = timezone.now() + LIFETIME
    row = Lease.objects.create(name=CONTROLLER, holder="a:1:2", expires_at=until, fence=3)
    told = leading.lease()
    assert told["controller_lease_held"] == {(): 1.0}
    renewed = told["controller_lease_renewed_timestamp_seconds"][()]
    assert renewed == pytest.approx((until - LIFETIME).timestamp())
    assert told["controller_takeovers_total"] == {(): 3}
    row.expires_at -= 2 * LIFETIME
    row.save()
    assert leading.lease()["controller_lease_held"] == {(): 0.0}


def test_turns_are_those_that_the_newest_report_tells() -> None:
    assert leading.turns() == {}
    at = timezone.now() - timedelta(seconds=90)
    add_host("older", seen_at=timezone.now() - timedelta(minutes=2), duties={})
    add_host("newer", duties={"figures": at.isoformat(), "gone": at.isoformat()})
    told = leading.turns()
    assert told["duty_last_turn_timestamp_seconds"] == {("figures",): at.timestamp()}
    assert set(told["duty_interval_seconds"]) == {(each.name,) for each in duties.registered()}


def test_machines_that_are_silent_for_an_hour_are_forgotten() -> None:
    add_host("here", memory_total_mb=1000, memory_free_mb=250, load=None)
    add_host("gone", seen_at=timezone.now() - timedelta(hours=2))
    told = leading.hosts()
    assert told["host_memory_bytes"] == {("here",): 1000 * 1024 * 1024}
    assert told["host_memory_free_bytes"] == {("here",): 250 * 1024 * 1024}
    assert told["host_load"] == {}
    assert set(told) == set(leading.HOSTS)


def test_jobs_are_told_by_queue_with_how_late_they_are(settings: Settings) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    deliver.enqueue(sealed="")
    began = timezone.now() - timedelta(minutes=10)
    DBTaskResult.objects.update(enqueued_at=began)
    DBTaskResult.objects.create(
        task_path="elsewhere.job", status=TaskResultStatus.FAILED, args_kwargs={}, backend_name="x"
    )
    told = population.queues()
    assert told["jobs_waiting"] == {("mail",): 1, ("other",): 0}
    assert told["jobs_failed"] == {("mail",): 0, ("other",): 1}
    assert told["jobs_oldest_due_seconds"][("mail",)] == pytest.approx(600, abs=60)
    assert told["jobs_oldest_due_seconds"][("other",)] == 0
    assert set(told) == set(population.JOBS)


def test_counters_of_quotas_that_are_right_do_not_drift(cast: Cast) -> None:
    add_instance(cast.acme, memory_mb=64)
    add_key(cast.acme)
    add_key(cast.globex, revoked_at=timezone.now())
    assert population.drift() == {("instances",): 0, ("memory_mb",): 0, ("api_keys",): 0}


def test_counters_of_quotas_that_are_wrong_show_by_how_much(cast: Cast) -> None:
    add_instance(cast.acme, memory_mb=64)
    InstanceQuota.objects.filter(organization=cast.acme).update(memory_mb_used=60)
    InstanceQuota.objects.filter(organization=cast.globex).update(memory_mb_used=3, api_keys_used=2)
    with CaptureQueriesContext(connection) as queries:
        assert population.drift() == {("instances",): 0, ("memory_mb",): 7, ("api_keys",): 2}
    assert len(queries) == 1, "a change between two of them would look like drift"


def test_certificate_of_the_servers_is_told_with_its_end(
    tmp_path: Path, settings: Settings
) -> None:
    assert own_certificate.expiry() == {}
    pair = self_signed(tmp_path)
    settings.INSTANCE_TLS_CERT = str(pair.certificate)
    ends = x509.load_pem_x509_certificate(pair.certificate.read_bytes()).not_valid_after_utc
    assert own_certificate.expiry() == {("instances",): ends.timestamp()}
    pair.certificate.unlink()
    assert own_certificate.expiry() == {}


def test_operators_get_statistics_without_single_instances(cast: Cast, operator: Client) -> None:
    instance = add_instance(cast.acme, status="running")
    answer = operator.get("/stats")
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    known = answer.json()["metrics"]
    assert known["organizations_total"] == 2
    assert known["redis_instances_total"]["running"] == 1
    assert known["host_cpu_seconds_total"]
    assert str(instance.pk) not in answer.content.decode()


def test_the_token_of_metrics_opens_statistics_and_no_network_does(settings: Settings) -> None:
    settings.METRICS_TOKEN = "s3cret"
    client = Client(enforce_csrf_checks=True)
    refused = client.get("/stats")
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    assert client.get("/stats", HTTP_AUTHORIZATION="Bearer s3cret").status_code == 200
    assert client.post("/stats", HTTP_AUTHORIZATION="Bearer s3cret").status_code == 405


def test_somebody_who_was_an_operator_gets_nothing(operator: Client, oscar: User) -> None:
    User.objects.filter(pk=oscar.pk).update(is_staff=False)
    assert operator.get("/stats").status_code == 403
