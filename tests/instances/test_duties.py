"""Work beside the control loop goes on as long as the lease is held."""

from threading import Event

import pytest
from django.db import OperationalError

from instances import duties
from instances.duties import Duty, OnDuty
from tests.waiting import wait_until


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duties, "_duties", {})
    monkeypatch.setattr(duties, "RETRY_SECONDS", 0.01)


@pytest.mark.usefixtures("alone")
def test_a_duty_runs_until_the_end() -> None:
    began, ended = Event(), Event()

    def run(end: Event) -> None:
        began.set()
        end.wait(10)
        ended.set()

    duties.register(Duty("test", run, every_seconds=1))
    on_duty = OnDuty()
    on_duty.begin()
    on_duty.begin()  # as each turn of the loop says
    assert began.wait(5)
    on_duty.end()
    assert ended.is_set()


@pytest.mark.usefixtures("alone")
def test_a_duty_that_broke_begins_again(caplog: pytest.LogCaptureFixture) -> None:
    runs: list[int] = []

    def run(end: Event) -> None:
        runs.append(1)
        if len(runs) == 1:
            raise RuntimeError("this once")
        end.wait(10)

    duties.register(Duty("test", run, every_seconds=1))
    on_duty = OnDuty()
    on_duty.begin()
    wait_until(lambda: len(runs) == 2, "it began again")
    on_duty.end()
    assert "test broke" in caplog.text


def test_a_chore_is_done_until_the_end_and_survives_the_database() -> None:
    end, turns = Event(), list[int]()

    def chore() -> None:
        turns.append(1)
        if len(turns) == 3:
            end.set()
        raise OperationalError("away")

    duties.repeated("test", chore, every_seconds=0.01).run(end)
    assert len(turns) == 3
