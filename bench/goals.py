"""What the command API must reach, as data, and whether it did. Pure."""

from collections.abc import Callable
from dataclasses import dataclass

from bench.figures import Results, Sample
from bench.scenarios import (
    BATCH_100,
    DO_NOTHING,
    MANY_INSTANCES,
    ONE_INSTANCE,
    REDISGATE,
    SET_64,
    STRAIGHT,
    WEBDIS,
)

Figure = Callable[[Results], float | None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Goal:
    """One line of the table; exactly one of the bounds is given."""

    name: str
    figure: Figure
    at_least: float | None = None
    at_most: float | None = None
    unit: str = "x"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A goal and the figure that was measured, if it was."""

    goal: Goal
    figure: float | None

    @property
    def is_reached(self) -> bool | None:
        if self.figure is None:
            return None
        if self.goal.at_least is not None:
            return self.figure >= self.goal.at_least
        return self.goal.at_most is not None and self.figure <= self.goal.at_most


def _rate(sample: Sample) -> float:
    return sample.per_second


def _p99(sample: Sample) -> float:
    return sample.p99_ms


def _against(
    contender: str, scenario: str, value: Callable[[Sample], float], *, base: str | None = None
) -> Figure:
    """Divide our value by the contender's, which may be measured under another load."""

    def figure(results: Results) -> float | None:
        ours = results.median(scenario, REDISGATE)
        theirs = results.median(base or scenario, contender)
        if ours is None or theirs is None or not value(theirs):
            return None
        return value(ours) / value(theirs)

    return figure


def _memory(results: Results) -> float | None:
    ours = results.median(MANY_INSTANCES, REDISGATE)
    return None if ours is None else ours.memory_mb


GOALS = (
    Goal(
        name="SET, 64 connections, against webdis",
        figure=_against(WEBDIS, SET_64, _rate),
        at_least=1.2,
    ),
    Goal(
        name="the same against a do-nothing ASGI application",
        figure=_against(DO_NOTHING, SET_64, _rate),
        at_least=2,
    ),
    Goal(
        name="p99 at 64 connections against webdis",
        figure=_against(WEBDIS, SET_64, _p99),
        at_most=1.2,
    ),
    Goal(
        name="pipeline of 100 against redis-benchmark -P 100",
        figure=_against(STRAIGHT, BATCH_100, _rate),
        at_least=0.5,
    ),
    Goal(
        name="200 instances x 1,000 keys against one instance, one key",
        figure=_against(REDISGATE, MANY_INSTANCES, _rate, base=ONE_INSTANCE),
        at_least=0.85,
    ),
    Goal(
        name="worker memory with 200 instances connected",
        figure=_memory,
        at_most=200,
        unit="MB",
    ),
)


def judge(results: Results) -> list[Verdict]:
    return [Verdict(goal, goal.figure(results)) for goal in GOALS]
