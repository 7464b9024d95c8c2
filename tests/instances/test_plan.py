"""What the control loop does next: one line a case, from wish and sight to the step."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from instances import reconciler, settings_plan
from instances.advice import with_advice
from instances.provisioners.base import Observation, Presence, ProvisionError
from instances.reconciler import Desired, after_failure, delay_seconds, plan
from instances.settings_plan import SettingsWish
from instances.states import MOVES, Health, Status, Wish
from instances.steps import (
    ApplyAcl,
    ApplySettings,
    Deed,
    Destroy,
    Expire,
    Mark,
    MarkCrashed,
    MarkFailed,
    MarkSettings,
    Start,
    Step,
    Stop,
    Wait,
)

NOW = datetime(2030, 1, 1, tzinfo=UTC)


def ago(seconds: float) -> datetime:
    return NOW - timedelta(seconds=seconds)


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


# What is there.
ABSENT = Observation.absent()
LOADING = Observation(presence=Presence.STARTING, detail="loading: 40 %")
ANSWERS = Observation(presence=Presence.RUNNING, acl_digest="abc")
MISCONF = Observation(presence=Presence.RUNNING, detail="MISCONF disk full", acl_digest="abc")
SILENT = Observation(presence=Presence.SILENT, detail="no answer")
CUT_OFF = replace(SILENT, is_cut_off=True)

# What is wished and known. Each case below changes one thing.
PENDING = Desired(wish=Wish.RUNNING, status=Status.PENDING, acl_digest="abc")
CREATING = replace(PENDING, status=Status.CREATING)
RUNNING = replace(PENDING, status=Status.RUNNING, health=Health.HEALTHY)
STOPPING = replace(PENDING, status=Status.STOPPING)
STOPPED = replace(PENDING, status=Status.STOPPED)
ERROR = replace(PENDING, status=Status.ERROR, crashes=5, crashes_since=ago(60))
WISHED_STOPPED = replace(RUNNING, wish=Wish.STOPPED)
AT_REST = replace(STOPPED, wish=Wish.STOPPED)
WISHED_DELETED = replace(RUNNING, wish=Wish.DELETED)
DELETING = replace(WISHED_DELETED, status=Status.DELETING)

CHANGED = replace(RUNNING, settings=SettingsWish(wish=2, done=1))

HEALTHY = Mark(Status.RUNNING, Health.HEALTHY)
DEGRADED = Mark(Status.RUNNING, Health.UNHEALTHY, with_advice("MISCONF disk full"))
QUIET = Mark(Status.RUNNING, Health.UNHEALTHY, "no answer")
STILL_LOADING = Mark(Status.CREATING, detail="loading: 40 %")

CASES: list[tuple[str, Desired, Observation, Step]] = [
    # Coming up.
    ("a fresh instance is started", PENDING, ABSENT, Start()),
    ("a start that never happened is made", CREATING, ABSENT, Start()),
    ("a started server that answers is running", CREATING, ANSWERS, HEALTHY),
    ("a loading server is on its way", CREATING, LOADING, STILL_LOADING),
    (
        "progress that is known is not written again",
        replace(CREATING, detail="loading: 40 %"),
        LOADING,
        Wait(),
    ),
    ("a server found before its row moved is adopted", PENDING, ANSWERS, HEALTHY),
    ("a silent server that just started has time", CREATING, SILENT, Wait()),
    (
        "a server that stays silent from the start is an error",
        replace(CREATING, silent_since=ago(61)),
        SILENT,
        Mark(Status.ERROR, Health.UNHEALTHY, reconciler.NEVER_READY),
    ),
    ("a stopped one that is wished running is started", STOPPED, ABSENT, Start()),
    ("a stop that people took back ends in a start", STOPPING, ABSENT, Start()),
    ("a stop that people took back in time runs on", STOPPING, ANSWERS, HEALTHY),
    # Running.
    ("all is well", RUNNING, ANSWERS, Wait()),
    ("changed settings are applied", CHANGED, ANSWERS, ApplySettings(2)),
    (
        "a degraded server gets them too",
        replace(CHANGED, health=Health.UNHEALTHY, detail=DEGRADED.detail),
        MISCONF,
        ApplySettings(2),
    ),
    ("health is noted first", CHANGED, MISCONF, DEGRADED),
    (
        "settings wait for their time",
        replace(RUNNING, settings=SettingsWish(wish=2, done=1, try_at=later(1))),
        ANSWERS,
        Wait(),
    ),
    (
        "settings come in their time",
        replace(RUNNING, settings=SettingsWish(wish=2, done=1, try_at=NOW)),
        ANSWERS,
        ApplySettings(2),
    ),
    ("a silent server gets no settings", CHANGED, SILENT, Wait()),
    ("users come before settings", replace(CHANGED, acl_wish=2), ANSWERS, ApplyAcl()),
    ("a stop comes before settings", replace(CHANGED, wish=Wish.STOPPED), ANSWERS, Stop()),
    ("a restart comes before settings", replace(CHANGED, restart_wish=1), ANSWERS, Stop()),
    ("a degraded server is unhealthy, not dead", RUNNING, MISCONF, DEGRADED),
    (
        "a degraded server is announced once",
        replace(RUNNING, health=Health.UNHEALTHY, detail=DEGRADED.detail),
        MISCONF,
        Wait(),
    ),
    (
        "a server that recovers is healthy again",
        replace(RUNNING, health=Health.UNHEALTHY, detail=DEGRADED.detail),
        ANSWERS,
        HEALTHY,
    ),
    ("a short silence says nothing", replace(RUNNING, silent_since=ago(2)), SILENT, Wait()),
    (
        "a server that is cut off has a moment",
        replace(RUNNING, silent_since=ago(2)),
        CUT_OFF,
        Wait(),
    ),
    ("and is then started anew", replace(RUNNING, silent_since=ago(8)), CUT_OFF, Start()),
    (
        "but not again at once",
        replace(CREATING, silent_since=ago(8), next_try_at=later(1)),
        CUT_OFF,
        Wait(),
    ),
    ("a long silence is unhealthy", replace(RUNNING, silent_since=ago(3)), SILENT, QUIET),
    (
        "an endless silence is left to people",
        replace(RUNNING, silent_since=ago(9999), health=Health.UNHEALTHY, detail="no answer"),
        SILENT,
        Wait(),
    ),
    ("a running server that loads again is on its way", RUNNING, LOADING, STILL_LOADING),
    # Crashing.
    (
        "the first restart after a crash comes at once",
        RUNNING,
        ABSENT,
        MarkCrashed(
            status=Status.CREATING,
            crashes=1,
            crashes_since=NOW,
            next_try_at=NOW,
            detail="The server ended unexpectedly. Starting it again.",
        ),
    ),
    (
        "the second one half a second later",
        replace(RUNNING, crashes=1, crashes_since=ago(5)),
        ABSENT,
        MarkCrashed(
            status=Status.CREATING,
            crashes=2,
            crashes_since=ago(5),
            next_try_at=later(0.5),
            detail="The server ended unexpectedly. Starting it again.",
        ),
    ),
    (
        "a server that was up for a while is restarted at once, however often it crashed",
        replace(RUNNING, status_at=ago(10), crashes=3, crashes_since=ago(300)),
        ABSENT,
        MarkCrashed(
            status=Status.CREATING,
            crashes=4,
            crashes_since=ago(300),
            next_try_at=NOW,
            detail="The server ended unexpectedly. Starting it again.",
        ),
    ),
    (
        "the fifth crash in ten minutes is an error",
        replace(RUNNING, crashes=4, crashes_since=ago(599)),
        ABSENT,
        MarkCrashed(
            status=Status.ERROR,
            crashes=5,
            crashes_since=ago(599),
            next_try_at=later(300),
            detail=(
                "The server ended unexpectedly. 5 attempts within 10 minutes failed. "
                "RedisGate tries again in 5 minutes; restart it to try now."
            ),
        ),
    ),
    (
        "crashes of long ago are forgotten",
        replace(RUNNING, crashes=4, crashes_since=ago(600)),
        ABSENT,
        MarkCrashed(
            status=Status.CREATING,
            crashes=1,
            crashes_since=NOW,
            next_try_at=NOW,
            detail="The server ended unexpectedly. Starting it again.",
        ),
    ),
    (
        "a server that dies while it loads has crashed",
        replace(CREATING, was_started=True),
        ABSENT,
        MarkCrashed(
            status=Status.CREATING,
            crashes=1,
            crashes_since=NOW,
            next_try_at=NOW,
            detail="The server ended unexpectedly. Starting it again.",
        ),
    ),
    ("a restart waits for its time", replace(CREATING, next_try_at=later(1)), ABSENT, Wait()),
    ("a restart comes in its time", replace(CREATING, next_try_at=NOW), ABSENT, Start()),
    ("an error waits", replace(ERROR, next_try_at=later(1)), ABSENT, Wait()),
    ("an error is tried again after a while", replace(ERROR, next_try_at=NOW), ABSENT, Start()),
    ("an error that people start is tried at once", ERROR, ABSENT, Start()),
    ("a server that answers after all is no error", ERROR, ANSWERS, HEALTHY),
    ("a server given up stays as it is", ERROR, SILENT, Wait()),
    ("and is ended when people start it", replace(ERROR, restart_wish=1), SILENT, Stop()),
    # Restarting.
    ("a restart begins with a stop", replace(RUNNING, restart_wish=1), ANSWERS, Stop()),
    ("and goes on with a start", replace(STOPPING, restart_wish=1), ABSENT, Start()),
    (
        "a server that ends during its restart has not crashed",
        replace(RUNNING, restart_wish=1, was_started=True),
        ABSENT,
        Start(),
    ),
    ("a silent server can be restarted", replace(RUNNING, restart_wish=1), SILENT, Stop()),
    (
        "a restart that was done is not done again",
        replace(RUNNING, restart_wish=3, restart_done=3),
        ANSWERS,
        Wait(),
    ),
    (
        "a stop that failed is tried again later",
        replace(STOPPING, restart_wish=1, next_try_at=later(1)),
        ANSWERS,
        Wait(),
    ),
    # Users.
    ("changed users are applied", replace(RUNNING, acl_wish=2), ANSWERS, ApplyAcl()),
    (
        "expired users are taken away",
        replace(RUNNING, acl_valid_until=NOW),
        ANSWERS,
        ApplyAcl(),
    ),
    (
        "users that expire later stay",
        replace(RUNNING, acl_valid_until=later(1)),
        ANSWERS,
        Wait(),
    ),
    (
        "a server that knows other users is corrected",
        replace(RUNNING, acl_digest="other"),
        ANSWERS,
        ApplyAcl(),
    ),
    (
        "a server that can't say whom it knows is believed",
        RUNNING,
        replace(ANSWERS, acl_digest=""),
        Wait(),
    ),
    (
        "users that could not be applied wait for the next try",
        replace(RUNNING, acl_wish=2, next_try_at=later(1)),
        ANSWERS,
        Wait(),
    ),
    (
        "a server is running before its users change",
        replace(CREATING, acl_wish=2),
        ANSWERS,
        HEALTHY,
    ),
    ("a degraded server gets its users too", replace(RUNNING, acl_wish=2), MISCONF, ApplyAcl()),
    # Stopping.
    ("a wished stop is done", WISHED_STOPPED, ANSWERS, Stop()),
    (
        "a loading server can be stopped",
        replace(WISHED_STOPPED, status=Status.CREATING),
        LOADING,
        Stop(),
    ),
    ("a silent server can be stopped", WISHED_STOPPED, SILENT, Stop()),
    ("a server that is gone is stopped", WISHED_STOPPED, ABSENT, Mark(Status.STOPPED)),
    (
        "an instance stopped before its first start is stopped",
        replace(PENDING, wish=Wish.STOPPED),
        ABSENT,
        Mark(Status.STOPPED),
    ),
    (
        "a failed one can be stopped",
        replace(ERROR, wish=Wish.STOPPED),
        ABSENT,
        Mark(Status.STOPPED),
    ),
    ("a stopped one stays stopped", AT_REST, ABSENT, Wait()),
    ("a server that runs against the wish is stopped", AT_REST, ANSWERS, Stop()),
    # Deleting and expiring.
    ("a wished deletion is done", WISHED_DELETED, ANSWERS, Destroy()),
    ("data without a server is deleted too", DELETING, ABSENT, Destroy()),
    ("a deletion goes on after our own crash", DELETING, ANSWERS, Destroy()),
    (
        "a deletion that failed is tried again later",
        replace(DELETING, next_try_at=later(1)),
        ABSENT,
        Wait(),
    ),
    ("an instance past its time expires", replace(RUNNING, expires_at=NOW), ANSWERS, Expire()),
    ("a stopped one expires too", replace(AT_REST, expires_at=ago(1)), ABSENT, Expire()),
    ("one before its time runs", replace(RUNNING, expires_at=later(1)), ANSWERS, Wait()),
    ("one expires once", replace(DELETING, expires_at=ago(1)), ABSENT, Destroy()),
]


@pytest.mark.parametrize(
    ("desired", "observed", "step"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_plan(desired: Desired, observed: Observation, step: Step) -> None:
    assert plan(desired, observed, NOW) == step


@pytest.mark.parametrize(
    ("crashes", "seconds"), [(1, 0), (2, 0.5), (3, 1), (4, 2), (7, 16), (8, 30), (50, 30)]
)
def test_delay_grows_to_half_a_minute(crashes: int, seconds: float) -> None:
    assert delay_seconds(crashes) == seconds


def test_failed_start_counts_as_a_crash_and_shows_the_last_log_lines() -> None:
    error = ProvisionError("The server refused to start.", log_tail="one\n\ntwo\n")
    step = after_failure(CREATING, Start(), error, NOW)
    assert isinstance(step, MarkCrashed)
    assert (step.status, step.crashes, step.next_try_at) == (Status.CREATING, 1, NOW)
    assert step.detail == "The server refused to start. Starting it again.\none\ntwo"


@pytest.mark.parametrize("deed", [Stop(), ApplyAcl(), Destroy()], ids=repr)
def test_other_failures_are_tried_again_soon(deed: Deed) -> None:
    step = after_failure(RUNNING, deed, ProvisionError("No."), NOW)
    assert step == MarkFailed("No.", later(2))


def test_settings_that_the_server_still_works_on_are_asked_for_again() -> None:
    deed, known = ApplySettings(3), SettingsWish(wish=3, done=1, failures=4)
    mark = settings_plan.after_applying(deed, known, "40 of 100 keys", NOW)
    assert mark == MarkSettings(done=1, note="40 of 100 keys", try_at=later(1))
    assert settings_plan.after_applying(deed, known, "", NOW) == MarkSettings(done=3)


@pytest.mark.parametrize(("failures", "seconds"), [(0, 2), (1, 4), (4, 32), (5, 60), (2000, 60)])
def test_settings_that_fail_wait_longer_each_time(failures: int, seconds: int) -> None:
    known = SettingsWish(wish=3, done=1, failures=failures)
    step = after_failure(
        replace(RUNNING, settings=known), ApplySettings(3), ProvisionError("It broke."), NOW
    )
    assert step == MarkSettings(
        done=1, note="It broke.", failures=failures + 1, try_at=later(seconds)
    )


POSSIBLE = list(product(Wish, Status, Presence, [0, 1], [False, True], [None, ago(99)], [0, 4]))


def test_every_step_from_everywhere_is_a_legal_move_and_the_plan_ends() -> None:
    for wish, status, presence, restart, was_started, silent_since, crashes in POSSIBLE:
        if status is Status.DELETING and wish is not Wish.DELETED:
            continue  # nobody takes a deletion back
        desired = Desired(
            wish=wish,
            status=status,
            restart_wish=restart,
            was_started=was_started,
            silent_since=silent_since,
            crashes=crashes,
            crashes_since=ago(1),
        )
        for _ in range(5):
            step = plan(desired, Observation(presence=presence, detail="x"), NOW)
            if not isinstance(step, Mark | MarkCrashed):
                break
            desired = _after(desired, step)
        assert not isinstance(step, Mark | MarkCrashed), f"{step} again and again"
        assert _is_legal(desired.status, step)


def _after(desired: Desired, step: Mark | MarkCrashed) -> Desired:
    assert step.status is desired.status or step.status in MOVES[desired.status]
    if isinstance(step, Mark):
        return replace(
            desired, status=step.status, health=step.health, detail=step.detail, next_try_at=None
        )
    return replace(
        desired,
        status=step.status,
        crashes=step.crashes,
        next_try_at=step.next_try_at,
        was_started=False,
    )


def _is_legal(status: Status, step: Step) -> bool:
    begins = {Start: Status.CREATING, Stop: Status.STOPPING, Destroy: Status.DELETING}
    to = begins.get(type(step), status)
    return to is status or to in MOVES[status]
