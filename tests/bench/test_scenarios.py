"""The scenarios as data, and how contenders say them."""

import json

import pytest

from bench import programs, scenarios
from bench.contenders.registry import CONTENDERS
from bench.contenders.straight import read
from bench.scenarios import SCENARIOS, Scenario

TABLE = """"test","rps","avg_latency_ms","min_latency_ms","p50_latency_ms","p95_latency_ms",\
"p99_latency_ms","max_latency_ms"
"SET foo bar","500000.00","0.4","0.1","0.399","0.5","0.631","1.2"
"""


def test_every_scenario_has_a_name_of_its_own_and_known_contenders() -> None:
    assert len({it.name for it in SCENARIOS}) == len(SCENARIOS)
    for scenario in SCENARIOS:
        assert set(scenario.contenders) <= set(CONTENDERS)
        assert scenarios.REDISGATE in scenario.contenders


def test_groups_choose_scenarios() -> None:
    assert {it.group for it in scenarios.chosen(frozenset({"path"}))} == {"path"}
    assert scenarios.chosen(frozenset(scenarios.GROUPS)) == SCENARIOS


def test_a_pattern_is_spelled_out_for_each_key() -> None:
    [many] = [it for it in SCENARIOS if it.name == scenarios.MANY_INSTANCES]
    commands = many.spelled_out()
    assert (len(commands), commands[41]) == (1000, ("SET", "key:0041", "bar"))
    assert len({len(json.dumps(command)) for command in commands}) == 1


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda it: it.name)
def test_only_patterns_are_random(scenario: Scenario) -> None:
    assert scenario.is_random is (scenario.group in ("keys", "many"))


def test_the_table_of_redis_benchmark_is_read() -> None:
    outcome = read("a warning\n" + TABLE, 1_000_000)
    assert (outcome.seconds, outcome.p50_ms, outcome.p99_ms) == (2.0, 0.399, 0.631)


def test_missing_programs_are_one_sentence() -> None:
    absent = programs.missing({"wrk": "/usr/bin/wrk"}.get)
    assert programs.sentence(absent) == (
        "Not measured for want of webdis and redis-benchmark: apt-get install webdis redis-tools"
    )
    assert programs.sentence([]) == ""
