"""Measure a platform of its own on this machine: ``make bench``.

Absolute figures depend on the machine. What can be compared are the ratios, because the
contenders take turns, and the processor time of each command.
"""

import argparse
import json
import os
import random
import statistics
import sys
from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path

import django

from bench import goals, machine, processes, programs, report, scenarios, starting, steps
from bench.figures import Result, Results
from tests import platform
from tests.platform import Platform

RESULTS = Path(__file__).parent / "results" / "latest.json"
GROUPS = ("steps", "start", "creation", "fleet", "figures", *scenarios.GROUPS)
CREATIONS = 20
FLEET = 200
STARTS = 5
PORTS = 800


def main() -> None:
    options = _parser().parse_args()
    groups = frozenset(options.only or GROUPS)
    missing = programs.missing()
    if not processes.has_two_cores():
        say("One core: server and load share it, so only the processor times mean something.")
    processes.pin(processes.LOAD_CORE)
    figures = _steps(groups) | _start(groups)
    results = Results(_on_platform(groups, missing, options, figures))
    verdicts = goals.judge(results)
    for line in (*report.table(results), "", *report.goals(verdicts)):
        say(line)
    say(programs.sentence(missing))
    kept = report.as_json(
        results,
        verdicts,
        machine=machine.describe(),
        options={"rounds": options.rounds, "seconds": options.seconds, "only": sorted(groups)},
        platform=figures,
    )
    _keep(options.json, kept)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=GROUPS, help="groups of measurements")
    parser.add_argument("--rounds", type=int, default=5, help="how often contenders take turns")
    parser.add_argument("--seconds", type=int, default=2, help="of each measurement")
    parser.add_argument("--json", type=Path, default=RESULTS, help="where the figures are kept")
    return parser


def _steps(groups: frozenset[str]) -> dict[str, float]:
    if "steps" not in groups:
        return {}
    figures = steps.measure()
    for name, microseconds in figures.items():
        say(f"{name:34}{microseconds:8.2f} µs")
    return {f"{name}, µs": microseconds for name, microseconds in figures.items()}


def _start(groups: frozenset[str]) -> dict[str, float]:
    if "start" not in groups:
        return {}
    seconds = statistics.median(starting.measure(STARTS))
    say(f"start to ready, median      {seconds * 1000:8.0f} ms")
    return {"start_seconds": seconds}


def _on_platform(
    groups: frozenset[str],
    missing: Sequence[str],
    options: argparse.Namespace,
    figures: dict[str, float],
) -> list[Result]:
    """Start a platform and measure what needs one; figures other than results are added."""
    first = random.randrange(20_000, 32_000, PORTS)  # noqa: S311  not a secret
    ports = f"{first}-{first + PORTS - 1}"
    pin = partial(processes.pin, processes.LOAD_CORE)
    with (
        platform.directory() as data_dir,
        platform.running(data_dir, preexec=pin, WEB_WORKERS="1", INSTANCE_PORTS=ports) as running,
    ):
        # The platform's own command makes the organization that everything belongs to.
        running.quickstart()
        os.environ.update(running.environment, DJANGO_SETTINGS_MODULE="redisgate.settings")
        django.setup()
        if "creation" in groups:
            figures |= _creation()
        if "figures" in groups:
            figures |= _sampling()
        if "fleet" in groups:
            figures |= _fleet(running.pid)
        return _requests(running, groups, missing, options)


def _creation() -> dict[str, float]:
    from bench import creation

    times = sorted(creation.measure(CREATIONS))
    p50, p95 = statistics.median(times), times[int(CREATIONS * 0.95) - 1]
    say(f"create to first PONG, p50   {p50 * 1000:8.0f} ms")
    say(f"create to first PONG, p95   {p95 * 1000:8.0f} ms")
    return {"creation_p50_seconds": p50, "creation_p95_seconds": p95}


def _fleet(platform_pid: int) -> dict[str, float]:
    from bench import fleet

    seen = fleet.measure(FLEET, fleet.controller_of(platform_pid))
    say(f"{FLEET} instances, create to first PONG, p50 {seen.creation_p50_ms:6.0f} ms")
    say(f"{FLEET} instances, create to first PONG, p95 {seen.creation_p95_ms:6.0f} ms")
    say(f"{FLEET} idle instances, memory of each    {seen.server_mb:6.1f} MB")
    say(f"{FLEET} idle instances, the control loop  {seen.controller_busy:6.1%} of a core")
    say(f"{FLEET} idle instances, all their servers {seen.servers_busy:6.1%} of a core")
    return {f"fleet_{name}": value for name, value in asdict(seen).items()}


def _sampling() -> dict[str, float]:
    from bench import sampling

    measured = sampling.measure()
    for name, figure in measured.items():
        say(f"{name:34}{figure:14,.3f}")
    return measured


def _requests(
    running: Platform,
    groups: frozenset[str],
    missing: Sequence[str],
    options: argparse.Namespace,
) -> list[Result]:
    from bench import rounds, stage

    wanted = scenarios.chosen(groups)
    if not wanted:
        return []
    ready = stage.prepare(running, instances_max=max(it.instances for it in wanted))
    results: list[Result] = []
    with rounds.on_stage(ready, wanted, missing) as contenders:
        for group in scenarios.GROUPS:
            these = [it for it in wanted if it.group == group]
            if these:
                say(f"measuring {group} …")
                results += rounds.measure(
                    ready,
                    these,
                    contenders,
                    rounds=options.rounds,
                    seconds=options.seconds,
                    say=say,
                )
    return results


def _keep(path: Path, kept: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(kept, indent=1) + "\n")
    say(f"kept in {path}")


def say(line: str) -> None:
    if line:
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
