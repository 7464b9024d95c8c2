import pytest

from bench import scenarios
from bench.figures import Result, Results
from bench.goals import GOALS, judge
from tests.bench.results import result

US, WEBDIS = scenarios.REDISGATE, scenarios.WEBDIS


def reached(*measured: Result) -> dict[str, bool | None]:
    return {verdict.goal.name: verdict.is_reached for verdict in judge(Results(measured))}


def test_without_figures_no_goal_is_reached_or_missed() -> None:
    assert set(reached().values()) == {None}


@pytest.mark.parametrize(("ours", "expected"), [(119, False), (120, True), (300, True)])
def test_the_goal_against_webdis_is_a_ratio(ours: float, expected: bool) -> None:
    verdicts = reached(result(scenarios.SET_64, US, ours), result(scenarios.SET_64, WEBDIS, 100))
    assert verdicts["SET, 64 connections, against webdis"] is expected


@pytest.mark.parametrize(("p99_ms", "expected"), [(2.4, True), (2.5, False)])
def test_a_latency_is_reached_from_below(p99_ms: float, expected: bool) -> None:
    verdicts = reached(
        result(scenarios.SET_64, US, 1, p99_ms=p99_ms),
        result(scenarios.SET_64, WEBDIS, 1, p99_ms=2),
    )
    assert verdicts["p99 at 64 connections against webdis"] is expected


def test_many_instances_are_compared_with_one() -> None:
    verdicts = reached(
        result(scenarios.ONE_INSTANCE, US, 100),
        result(scenarios.MANY_INSTANCES, US, 84, memory_mb=201),
    )
    assert verdicts["200 instances x 1,000 keys against one instance, one key"] is False
    assert verdicts["worker memory with 200 instances connected"] is False


def test_every_goal_has_one_bound() -> None:
    assert all((goal.at_least is None) != (goal.at_most is None) for goal in GOALS)
