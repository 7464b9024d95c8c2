"""Compare what is wished with what is there, and say the next step. Pure: no look, no deed.

Decisions a reader may wonder about:
- The first restart after a crash comes at once, and so does that of a server that has been up
  for a while; others wait a growing delay. Five crashes within ten minutes are an error; it is
  tried again every five minutes, or when a person presses Start.
- A server that is degraded (MISCONF, BUSY) or still loading is not dead.
- A server that exists but doesn't answer is unhealthy and stays so: ending it could cost data
  that it would have saved, so only a person restarts it. Only one that is cut off from everybody,
  and can save its data without being asked over a connection, is started anew after a while.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from instances import settings_plan
from instances.advice import advice, with_advice
from instances.provisioners.base import Observation, Presence, ProvisionError
from instances.settings_plan import SettingsWish
from instances.states import Health, Status, Wish
from instances.steps import (
    ApplyAcl,
    ApplySettings,
    Deed,
    Destroy,
    Expire,
    Mark,
    MarkCrashed,
    MarkFailed,
    Marking,
    Start,
    Step,
    Stop,
    Wait,
)

CRASH_WINDOW = timedelta(minutes=10)
CRASHES_UNTIL_ERROR = 5
FIRST_DELAY_SECONDS = 0.5
LONGEST_DELAY_SECONDS = 30.0
STEADY_AFTER = timedelta(seconds=10)
RETRY_AFTER_ERROR = timedelta(minutes=5)
RETRY_AFTER_FAILURE = timedelta(seconds=2)
SILENCE_TOLERATED = timedelta(seconds=3)
SILENCE_TOLERATED_WHEN_CUT_OFF = timedelta(seconds=8)
SILENCE_TOLERATED_AT_START = timedelta(seconds=60)
LOG_LINES_SHOWN = 5

CRASHED = "The server ended unexpectedly."
LOADING = "The server is loading its data."
SILENT = "The server doesn't answer. Restart it if this doesn't pass."
NEVER_READY = "The server was started but doesn't answer. Restart it to end it and try again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Desired:
    """What people wish for one instance, and what the loop has done and noted so far."""

    wish: Wish
    status: Status
    status_at: datetime | None = None
    health: Health = Health.UNKNOWN
    detail: str = ""
    restart_wish: int = 0
    restart_done: int = 0
    acl_wish: int = 1
    acl_done: int = 1
    acl_valid_until: datetime | None = None
    acl_digest: str = ""
    """Of the users that should know the server; empty when they haven't been looked up."""
    settings: SettingsWish = field(default_factory=SettingsWish)
    crashes: int = 0
    crashes_since: datetime | None = None
    next_try_at: datetime | None = None
    expires_at: datetime | None = None
    was_started: bool = False
    """A start of ours has returned, so a server that isn't there has crashed."""
    silent_since: datetime | None = None

    @property
    def is_restart_due(self) -> bool:
        return self.restart_done < self.restart_wish

    def was_steady(self, now: datetime) -> bool:
        """Say whether the server was up for so long that it doesn't crash as it starts."""
        if self.status is not Status.RUNNING or self.status_at is None:
            return False
        return now - self.status_at >= STEADY_AFTER

    def may_try(self, now: datetime) -> bool:
        return self.next_try_at is None or self.next_try_at <= now


def plan(desired: Desired, observed: Observation, now: datetime) -> Step:
    """Say the next step towards the wish.

    After a marking, ask again with the new row and the same observation: markings never
    repeat themselves, so this ends with a deed or with `Wait`.
    """
    if desired.wish is Wish.DELETED:
        return Destroy() if desired.may_try(now) else Wait()
    if desired.expires_at is not None and desired.expires_at <= now:
        return Expire()
    if desired.wish is Wish.STOPPED:
        return _towards_stopped(desired, observed, now)
    return _towards_running(desired, observed, now)


def after_failure(desired: Desired, deed: Deed, error: ProvisionError, now: datetime) -> Marking:
    """Say what follows from a deed that failed."""
    if isinstance(deed, Start):
        return _crashed(desired, error.message, error.log_tail, now)
    if isinstance(deed, ApplySettings):
        return settings_plan.after_failing(desired.settings, error.message, now)
    return MarkFailed(_words(error.message, error.log_tail), now + RETRY_AFTER_FAILURE)


def _towards_stopped(desired: Desired, observed: Observation, now: datetime) -> Step:
    if observed.presence is not Presence.ABSENT:
        return Stop() if desired.may_try(now) else Wait()
    if desired.status is Status.STOPPED:
        return Wait()
    return Mark(Status.STOPPED)


def _towards_running(desired: Desired, observed: Observation, now: datetime) -> Step:
    if observed.presence is Presence.ABSENT:
        return _bring_up(desired, observed, now)
    if desired.is_restart_due:
        return Stop() if desired.may_try(now) else Wait()
    if observed.presence is Presence.STARTING:
        return _mark(desired, Mark(Status.CREATING, detail=observed.detail or LOADING))
    if observed.presence is Presence.SILENT:
        return _silent(desired, observed, now)
    return _running(desired, observed, now)


def _bring_up(desired: Desired, observed: Observation, now: datetime) -> Step:
    was_on_its_way = desired.status is Status.CREATING and desired.was_started
    was_there = desired.status is Status.RUNNING or was_on_its_way
    if was_there and not desired.is_restart_due:
        return _crashed(desired, CRASHED, observed.detail, now)
    return Start() if desired.may_try(now) else Wait()


def _running(desired: Desired, observed: Observation, now: datetime) -> Step:
    if desired.status is Status.RUNNING and _is_acl_stale(desired, observed, now):
        return ApplyAcl() if desired.may_try(now) else Wait()
    health = Health.UNHEALTHY if observed.is_degraded else Health.HEALTHY
    step = _mark(desired, Mark(Status.RUNNING, health, with_advice(observed.detail)))
    if isinstance(step, Wait) and desired.settings.is_due(now):
        return ApplySettings(desired.settings.wish)
    return step


def _is_acl_stale(desired: Desired, observed: Observation, now: datetime) -> bool:
    is_wished = desired.acl_done < desired.acl_wish
    is_over = desired.acl_valid_until is not None and desired.acl_valid_until <= now
    differs = bool(desired.acl_digest and observed.acl_digest) and (
        desired.acl_digest != observed.acl_digest
    )
    return is_wished or is_over or differs


def _silent(desired: Desired, observed: Observation, now: datetime) -> Step:
    silence = now - (desired.silent_since or now)
    if observed.is_cut_off and silence >= SILENCE_TOLERATED_WHEN_CUT_OFF:
        return Start() if desired.may_try(now) else Wait()
    if desired.status is Status.RUNNING and silence >= SILENCE_TOLERATED:
        return _mark(desired, Mark(Status.RUNNING, Health.UNHEALTHY, observed.detail or SILENT))
    if desired.status is Status.CREATING and silence >= SILENCE_TOLERATED_AT_START:
        return Mark(Status.ERROR, Health.UNHEALTHY, NEVER_READY)
    if desired.status in {Status.PENDING, Status.STOPPING, Status.STOPPED}:
        return Mark(Status.CREATING)
    return Wait()


def _mark(desired: Desired, mark: Mark) -> Step:
    is_known = (desired.status, desired.health, desired.detail) == (
        mark.status,
        mark.health,
        mark.detail,
    )
    return Wait() if is_known else mark


def _crashed(desired: Desired, message: str, log_tail: str, now: datetime) -> MarkCrashed:
    is_counting = desired.crashes_since is not None and now - desired.crashes_since < CRASH_WINDOW
    since = desired.crashes_since if is_counting and desired.crashes_since else now
    crashes = desired.crashes + 1 if is_counting else 1
    if crashes >= CRASHES_UNTIL_ERROR:
        status, delay = Status.ERROR, RETRY_AFTER_ERROR
        outlook = (
            f"{crashes} attempts within 10 minutes failed. RedisGate tries again in 5 minutes; "
            "restart it to try now."
        )
    else:
        seconds = 0.0 if desired.was_steady(now) else delay_seconds(crashes)
        status, delay = Status.CREATING, timedelta(seconds=seconds)
        outlook = "Starting it again."
    return MarkCrashed(
        status=status,
        crashes=crashes,
        crashes_since=since,
        next_try_at=now + delay,
        detail=_words(f"{message} {outlook}", log_tail),
    )


def delay_seconds(crashes: int) -> float:
    """Say how long to wait before the restart after so many crashes: 0, 0.5, 1, 2, 4 … 30."""
    if crashes <= 1:
        return 0.0
    return min(FIRST_DELAY_SECONDS * 2.0 ** (crashes - 2), LONGEST_DELAY_SECONDS)


def _words(message: str, log_tail: str) -> str:
    lines = [line for line in log_tail.splitlines() if line.strip()][-LOG_LINES_SHOWN:]
    # Servers mark what went wrong; what they did well would only bury it.
    telling = [line for line in lines if " # " in line]
    return "\n".join(filter(None, (message, advice(log_tail), *(telling or lines))))
