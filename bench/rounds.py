"""Measure by turns, so that what disturbs the machine disturbs everybody."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager

from bench.contenders.base import Contender
from bench.contenders.registry import CONTENDERS
from bench.figures import Result, Sample
from bench.scenarios import Scenario
from bench.stage import Stage
from bench.wrk import LoadFailed

Say = Callable[[str], object]


@contextmanager
def on_stage(
    stage: Stage, scenarios: Sequence[Scenario], missing: Sequence[str]
) -> Iterator[dict[str, Contender]]:
    """Start the contenders of these scenarios, as far as their programs are there."""
    wanted = {name for scenario in scenarios for name in scenario.contenders}
    with ExitStack() as stack:
        yield {
            name: stack.enter_context(start(stage))
            for name, (start, programs) in CONTENDERS.items()
            if name in wanted and not set(programs) & set(missing)
        }


def measure(
    stage: Stage,
    scenarios: Sequence[Scenario],
    contenders: Mapping[str, Contender],
    *,
    rounds: int,
    seconds: int,
    say: Say,
) -> list[Result]:
    """Take every contender through every scenario once a round."""
    stage.grow(max(scenario.instances for scenario in scenarios))
    samples: dict[tuple[str, str], list[Sample]] = defaultdict(list)
    for _ in range(rounds):
        for scenario in scenarios:
            if scenario.prepare:
                stage.client().execute_command(*scenario.prepare)  # type: ignore[no-untyped-call]
            for name in scenario.contenders:
                if name in contenders:
                    samples[scenario.name, name] += _one(
                        contenders[name], scenario, f"{scenario.name}, {name}", seconds, say
                    )
    return [Result(*names, tuple(taken)) for names, taken in samples.items() if taken]


def _one(
    contender: Contender, scenario: Scenario, what: str, seconds: int, say: Say
) -> list[Sample]:
    try:
        return [contender.measure(scenario, seconds=seconds)]
    except LoadFailed as failure:
        say(f"not counted: {what}: {failure}")
        return []
