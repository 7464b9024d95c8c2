import json

from bench import report, scenarios
from bench.figures import Results
from bench.goals import judge
from tests.bench.results import result

US, WEBDIS = scenarios.REDISGATE, scenarios.WEBDIS
RESULTS = Results(
    [result(scenarios.SET_64, US, 90_000, 100_000), result(scenarios.SET_64, WEBDIS, 76_000)]
)


def test_the_table_holds_medians_and_ratios() -> None:
    heading, scenario, ours, theirs = report.table(RESULTS)
    assert heading.split()[:2] == ["commands/s", "p50"]
    assert scenario == scenarios.SET_64
    assert ours.split() == ["redisgate", "95,000", "0.50", "1.00", "10.00", "100%"]
    assert theirs.split() == ["webdis", "76,000", "0.50", "1.00", "10.00", "100%", "1.25", "x"]


def test_columns_stand_below_each_other() -> None:
    ours, theirs = report.table(RESULTS)[2:]
    assert ours.index("95,000") == theirs.index("76,000")


def test_without_figures_there_is_no_table() -> None:
    assert report.table(Results([])) == []


def test_goals_say_reached_or_not() -> None:
    lines = report.goals(judge(RESULTS))
    assert lines[1].split()[-5:] == [">=", "1.2", "x", "1.25", "x", "reached"][1:]
    assert lines[2].endswith("not measured")


def test_the_json_keeps_every_round() -> None:
    kept = report.as_json(
        RESULTS, judge(RESULTS), machine={"cores": "2"}, options={"rounds": 2}, platform={}
    )
    read = json.loads(json.dumps(kept))
    assert read["machine"] == {"cores": "2"}
    assert [each["per_second"] for each in read["results"][0]["rounds"]] == [90_000, 100_000]
    assert read["results"][0]["median"]["per_second"] == 95_000
    assert read["goals"][0]["is_reached"] is True
