"""What the operators' overview says of rows that are known."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from pytest_django import Settings

from instances import duties, hosts
from instances.lease import CONTROLLER
from instances.models import Lease
from mail.delivery import deliver
from operators import traffic
from operators.attention import concerns
from operators.largest import Measure
from operators.overview import look
from operators.rates import Rate, Times
from operators.spans import DAY, MONTH, WEEK
from orgs.models import Organization
from tests.conftest import Cast
from tests.operators.rows import add_host, joined, made, used
from tests.quotas.rows import add_key
from tests.rows import add_adopted, add_instance

pytestmark = pytest.mark.django_db

MINUTE, HOUR, ONE_DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SECOND = timedelta(seconds=1)


def titles() -> list[str]:
    return [each.title for each in concerns(look())]


def held_lease() -> None:
    soon = timezone.now() + HOUR
    Lease.objects.update_or_create(
        name=CONTROLLER, defaults={"holder": "machine:1:2", "expires_at": soon, "fence": 3}
    )


def all_in_turn() -> dict[str, str]:
    return {each.name: timezone.now().isoformat() for each in duties.registered()}


def test_percentiles_are_times_that_somebody_waited() -> None:
    times = Times.of(timedelta(seconds=n) for n in (4, 1, 3, 2))
    assert (times.at(50), times.at(95), times.at(1)) == (2.0, 4.0, 1.0)
    assert Times.of([]).at(50) is None
    assert Rate(0, 0).ratio is None


def test_instances_are_counted_by_state_and_those_in_trouble_named(cast: Cast) -> None:
    add_instance(cast.acme, status="running", health="healthy", memory_mb=64)
    add_instance(cast.acme, "Slow", status="running", health="unhealthy", memory_mb=32)
    add_instance(cast.acme, "Broken", status="error", status_detail="It crashed.\nlast log line")
    add_instance(cast.globex, status="stopped", wish="stopped", memory_mb=16)
    add_adopted(cast.globex, "Theirs", host="192.0.2.1")
    seen = look()
    counts = {status.value: number for status, number in seen.states.by_status.items() if number}
    assert counts == {"running": 2, "error": 1, "stopped": 1, "pending": 1}
    assert (seen.states.servers, seen.states.unhealthy) == (2, 1)
    assert seen.reserved_mb == 64 + 32 + 1 + 16
    told = [(each.name, each.organization, each.reason) for each in seen.states.troubled]
    assert told == [
        ("Broken", "Acme", "It crashed."),
        ("Slow", "Acme", "No reason is known."),
    ]


def test_creations_are_judged_by_whether_they_ever_ran(cast: Cast) -> None:
    made(cast.acme, ago=HOUR, ran_after=SECOND)
    made(cast.acme, ago=HOUR)  # it never ran, and is gone
    made(cast.globex, ago=3 * ONE_DAY, ran_after=3 * SECOND)
    made(cast.globex, ago=20 * ONE_DAY, ran_after=2 * SECOND)
    made(cast.globex, ago=40 * ONE_DAY)
    made(cast.globex, ago=SECOND)  # on its way
    creations = look().creations
    assert [creations.rate(span) for span in (DAY, WEEK, MONTH)] == [
        Rate(1, 2),
        Rate(2, 3),
        Rate(3, 4),
    ]
    assert creations.times.at(50) == pytest.approx(2, abs=0.01)
    assert creations.times.at(95) == pytest.approx(3, abs=0.01)


def test_commands_are_added_up_by_hour_and_finished_hours_once(cast: Cast) -> None:
    key = add_key(cast.acme)
    used(key, hours_ago=0, requests=10, commands=10, errors=1)
    used(key, hours_ago=30, requests=90, commands=90, errors=9)
    used(key, hours_ago=800, requests=1000, commands=1000)
    first = look().traffic
    assert [first.rate(span) for span in (DAY, WEEK)] == [Rate(9, 10), Rate(90, 100)]
    assert first.rate(MONTH) == Rate(90, 100)
    assert first.last_day[-1] == 10
    used(key, hours_ago=0, requests=5, commands=500)
    again = look().traffic
    assert again.rate(DAY) == Rate(509, 510)
    assert again.of(MONTH).commands == 600


def test_hours_that_are_written_late_are_counted_a_day_later(cast: Cast) -> None:
    key, now = add_key(cast.acme), timezone.now()
    used(key, hours_ago=30, commands=10)
    assert traffic.traffic(now).of(MONTH).commands == 10
    used(key, hours_ago=40, commands=5)
    assert traffic.traffic(now + HOUR).of(MONTH).commands == 10
    assert traffic.traffic(now + ONE_DAY).of(MONTH).commands == 15


def test_consumers_are_ranked_by_what_is_asked_for(cast: Cast) -> None:
    add_instance(cast.acme, memory_mb=256)
    add_instance(cast.globex, memory_mb=64)
    used(add_key(cast.globex), hours_ago=1, requests=3, commands=30, errors=2)
    used(add_key(cast.acme), hours_ago=2, requests=4, commands=4)
    used(add_key(cast.acme), hours_ago=30, requests=4000)
    by = {measure: [each.name for each in look(measure).consumers] for measure in Measure}
    assert by == {
        Measure.MEMORY: ["Acme", "Globex"],
        Measure.COMMANDS: ["Globex", "Acme"],
        Measure.REQUESTS: ["Acme", "Globex"],
        Measure.ERRORS: ["Globex"],
    }
    acme = look().consumers[0]
    assert (acme.memory_mb, acme.memory_limit_mb, acme.day.requests) == (256, 2048, 4)


def test_people_are_timed_from_sign_up_to_their_first_command(cast: Cast) -> None:
    now = timezone.now()
    for person, ago in ((cast.owner, 2 * HOUR), (cast.outsider, 3 * ONE_DAY)):
        joined(person, ago=ago)
    for person in (cast.admin, cast.developer, cast.viewer):
        joined(person, ago=60 * ONE_DAY)
    Organization.objects.update(created_at=now - HOUR)
    Organization.objects.filter(pk=cast.acme.pk).update(first_command_at=now - HOUR)
    seen = look()
    assert seen.first_commands.arrived == Rate(1, 2)
    assert seen.first_commands.times.at(50) == pytest.approx(HOUR.total_seconds(), abs=5)
    assert seen.sign_ups.total == 2
    assert len(seen.sign_ups.by_day) == 30


def test_an_organization_that_was_handed_over_times_nobody(cast: Cast) -> None:
    Organization.objects.update(
        created_at=timezone.now() - ONE_DAY, first_command_at=timezone.now() - HOUR
    )
    assert look().first_commands.arrived == Rate(0, 0)


def test_organizations_are_active_by_the_use_of_their_keys(cast: Cast) -> None:
    now = timezone.now()
    add_key(cast.acme, last_used_at=now - HOUR)
    add_key(cast.acme, last_used_at=now - 2 * HOUR)
    add_key(cast.globex, last_used_at=now - 10 * ONE_DAY)
    active = look().census
    assert dict(active.active) == {"24h": 1, "7d": 1, "30d": 2}
    assert (active.organizations, active.people) == (2, 5)


def test_mail_and_other_work_are_counted_apart(cast: Cast, settings: Settings) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    now = timezone.now()
    DBTaskResult.objects.all().delete()
    deliver.enqueue("sealed")
    deliver.using(run_after=now + HOUR).enqueue("sealed")
    job = deliver.enqueue("sealed")
    DBTaskResult.objects.filter(pk=job.id).update(
        task_path="rooms.work", status=TaskResultStatus.FAILED
    )
    jobs = look().jobs
    assert (jobs.mail.waiting, jobs.mail.put_off, jobs.mail.failed) == (2, 1, 0)
    assert (jobs.other.waiting, jobs.other.failed) == (0, 1)
    assert jobs.mail.oldest_due_at is not None
    DBTaskResult.objects.update(enqueued_at=now - HOUR)
    assert "Mail waits for a worker" in titles()
    assert "Work in the background: 1 job failed" in titles()


def test_all_is_well_with_a_controller_that_does_its_duties(cast: Cast) -> None:
    DBTaskResult.objects.all().delete()
    add_host(duties=all_in_turn())
    held_lease()
    assert titles() == []


def test_a_duty_that_does_not_come_round_is_told(cast: Cast) -> None:
    held_lease()
    turns = all_in_turn() | {"tidying": (timezone.now() - HOUR).isoformat()}
    add_host(duties=turns)
    assert "Late: tidying" in titles()
    late = {turn.name for turn in look().loops.turns if turn.is_late}
    assert late == {"tidying"}


def test_what_is_wrong_with_machines_is_told_the_worst_first(cast: Cast) -> None:
    add_host("full", disk_free_mb=1, memory_free_mb=1, load=9.0)
    add_host("away", seen_at=timezone.now() - HOUR)
    levels = [each.level for each in concerns(look())]
    assert levels == sorted(levels)
    assert {
        "No controller is at work",
        "The disk of full is nearly full",
        "The memory of full is nearly used up",
        "full is busy",
        "away is silent",
    } <= set(titles())
    assert look().memory_total_mb == 8 * 1024, "what is silent offers nothing"


def test_reports_say_when_duties_came_round(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duties, "_turns", {})
    duties.note_turn("tidying")
    hosts.report()
    told = look().machines[0].host
    assert set(told.duties or {}) == {"tidying"}
    assert told.processors
    assert told.load is not None
