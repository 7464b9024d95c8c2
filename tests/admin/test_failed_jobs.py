"""Failed jobs in the operators' admin: seen, run once more, forgotten."""

import pytest
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult, get_date_max

from audit.models import AuditEvent
from jobs import services
from jobs.models import DeadLetter
from jobs.queue import Status
from tests.admin.conftest import Act
from tests.conftest import Cast, actor
from tests.jobs.conftest import work

pytestmark = pytest.mark.django_db

PAGE = "/admin/jobs/deadletter/"
SEALED = "gAAAAABsealed-text-of-a-mail-with-its-link"


@pytest.fixture
def letter(cast: Cast) -> DeadLetter:
    job = DBTaskResult.objects.create(
        status=Status.FAILED,
        args_kwargs={"args": [SEALED], "kwargs": {}},
        task_path="tests.jobs.chores.note",
        worker_ids=["killed: machine:1:1", "machine:2:2"],
        backend_name="default",
        run_after=get_date_max(),
        started_at=timezone.now(),
        finished_at=timezone.now(),
        exception_class_path="mail.delivery.Refused",
        traceback="Traceback\nmail.delivery.Refused: mail <1@host> to ada@example.com: 554",
    )
    return DeadLetter.objects.get(pk=job.pk)


def actions() -> list[tuple[str, str]]:
    done = AuditEvent.objects.filter(object_type="job")
    return list(done.values_list("action", "object_label"))


def test_list_and_page_say_what_failed_and_why_and_show_no_argument(
    operator: Client, letter: DeadLetter
) -> None:
    rows = operator.get(PAGE).content.decode()
    page = operator.get(f"{PAGE}{letter.pk}/change/").content.decode()
    for text in (rows, page):
        assert "tests.jobs.chores.note" in text
        assert "[redacted]@example.com: 554" in text
        assert SEALED not in text
        assert "ada@" not in text
    assert "killed: machine:1:1" in page


def test_jobs_are_found_by_task_by_kind_of_error_and_by_id(
    operator: Client, letter: DeadLetter
) -> None:
    for word in ("chores.note", "Refused", str(letter.pk)):
        assert str(letter.pk) in operator.get(PAGE, {"q": word}).content.decode()
    counted = operator.get(PAGE, {"_facets": "True"}).content.decode()
    assert "tests.jobs.chores.note (1)" in counted
    for query in ({"q": "reset"}, {"task": "another.task"}):
        assert str(letter.pk) not in operator.get(PAGE, query).content.decode()
    assert str(letter.pk) in operator.get(PAGE, {"task": letter.task_path}).content.decode()


def test_job_is_run_again_with_all_its_attempts(act: Act, letter: DeadLetter) -> None:
    asked = act("jobs/deadletter", "run_again", letter, answers=None).content.decode()
    assert "it may do twice" in asked
    assert DeadLetter.objects.exists()
    said = act("jobs/deadletter", "run_again", letter, answers={}).content.decode()
    assert "Queued again: 1 job." in said
    assert not DeadLetter.objects.exists()
    [job] = work()
    job.refresh_from_db()
    assert (job.status, len(job.worker_ids)) == (Status.SUCCESSFUL, 1)
    assert actions() == [("job.run_again", "tests.jobs.chores.note")]


def test_job_is_forgotten_with_what_it_was_to_work_on(act: Act, letter: DeadLetter) -> None:
    assert (
        "with its text" in act("jobs/deadletter", "forget", letter, answers=None).content.decode()
    )
    said = act("jobs/deadletter", "forget", letter, answers={}).content.decode()
    assert "Forgotten: 1 job." in said
    assert not DBTaskResult.objects.exists()
    assert actions() == [("job.forget", "tests.jobs.chores.note")]


def test_what_another_operator_was_faster_with_is_left_alone(
    cast: Cast, letter: DeadLetter
) -> None:
    DBTaskResult.objects.update(status=Status.RUNNING)
    assert not services.run_again(actor(cast.owner), letter)
    assert not services.forget(actor(cast.owner), letter)
    assert actions() == []


def test_overview_leads_to_the_list(operator: Client, letter: DeadLetter) -> None:
    page = operator.get("/operators/").content.decode()
    assert f'href="{PAGE}"' in page
    assert "Their list says why, and runs them again." in page
    letter.delete()
    assert PAGE not in operator.get("/operators/").content.decode()
