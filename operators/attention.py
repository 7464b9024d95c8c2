"""What of the platform needs an operator now, and what to do about it. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from operators.overview import Overview
from operators.spans import DAY
from redisgate.lib.units import counted

LEAST_CREATED = 0.95
LEAST_ANSWERED = 0.8
LEAST_TRIED = 100
"""Of fewer commands a share says little."""


@dataclass(frozen=True, slots=True)
class Concern:
    level: Literal["error", "warning"]
    title: str
    words: str


def concerns(seen: Overview) -> list[Concern]:
    """List what is wrong, the worst first."""
    found = [*_loops(seen), *_machines(seen), *_instances(seen), *_rates(seen), *_jobs(seen)]
    return sorted(found, key=lambda each: each.level)


def _loops(seen: Overview) -> Iterator[Concern]:
    if not seen.loops.holder:
        yield Concern(
            "error",
            "No controller is at work",
            "Nothing starts, stops or is repaired, though servers that run go on. Look at the log "
            "of the controller, and start it again.",
        )
        return
    late = [turn.name for turn in seen.loops.turns if turn.is_late]
    if late:
        yield Concern(
            "warning",
            f"Late: {', '.join(late)}",
            "The controller runs, but this work of it doesn't come round. Its log says why.",
        )


def _machines(seen: Overview) -> Iterator[Concern]:
    for each in seen.machines:
        name = each.host.name
        if each.is_silent:
            words = "No controller there has reported for a minute. Is the machine up?"
            yield Concern("warning", f"{name} is silent", words)
            continue
        if each.is_disk_short:
            words = "New instances are refused. Free some of it, or move DATA_DIR to a larger disk."
            yield Concern("error", f"The disk of {name} is nearly full", words)
        if each.is_memory_short:
            words = "New instances are refused. Add memory, or stop what nobody uses."
            yield Concern("error", f"The memory of {name} is nearly used up", words)
        if each.is_busy:
            words = "More wants its processors than they can do; commands take longer."
            yield Concern("warning", f"{name} is busy", words)


def _instances(seen: Overview) -> Iterator[Concern]:
    number = seen.states.in_error
    if number:
        verb = "is" if number == 1 else "are"
        words = "They are tried again and again. The reasons stand beside their names below."
        yield Concern("error", f"{counted(number, 'instance')} {verb} in error", words)
    if seen.states.unhealthy:
        words = "They run, but don't answer as they should."
        ill = counted(seen.states.unhealthy, "instance")
        yield Concern("warning", f"Unhealthy: {ill}", words)


def _rates(seen: Overview) -> Iterator[Concern]:
    created = seen.creations.rate(DAY).ratio
    if created is not None and created < LEAST_CREATED:
        words = "See the instances in error, and whether the machines have room."
        yield Concern("warning", "Not every new instance came to run in the last day", words)
    answered = seen.traffic.rate(DAY)
    if answered.all >= LEAST_TRIED and (answered.ratio or 0) < LEAST_ANSWERED:
        words = "See among the top consumers, ranked by errors, whether it is one organization's."
        yield Concern("warning", "Many commands of the last day ended in an error", words)


def _jobs(seen: Overview) -> Iterator[Concern]:
    for name, queue in (("Mail", seen.jobs.mail), ("Work in the background", seen.jobs.other)):
        if queue.is_stuck(seen.at):
            words = "It is due and no worker takes it. Look at the log of the worker."
            yield Concern("error", f"{name} waits for a worker", words)
        if queue.failed:
            words = "They are kept for two weeks. Their list says why, and runs them again."
            yield Concern("warning", f"{name}: {counted(queue.failed, 'job')} failed", words)
