"""The platform as a whole, at one moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from operators.arrivals import FirstCommands, SignUps, first_commands, sign_ups
from operators.census import Census, census
from operators.creations import Creations, creations
from operators.jobs import Jobs, jobs
from operators.largest import Consumer, Measure, consumers
from operators.loops import Loops, loops
from operators.machines import Machine, machines, reserved_mb
from operators.states import States, states
from operators.traffic import Traffic, traffic


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """Counts and sizes alone: nothing of what tenants keep in their servers."""

    at: datetime
    machines: Sequence[Machine]
    reserved_mb: int
    states: States
    creations: Creations
    traffic: Traffic
    sign_ups: SignUps
    first_commands: FirstCommands
    census: Census
    ranked_by: Measure
    consumers: Sequence[Consumer]
    loops: Loops
    jobs: Jobs

    @property
    def memory_total_mb(self) -> int:
        return sum(each.host.memory_total_mb for each in self.machines if not each.is_silent)

    @property
    def memory_used_mb(self) -> int:
        return sum(each.memory_used_mb for each in self.machines if not each.is_silent)

    @property
    def disk_total_mb(self) -> int:
        return sum(each.host.disk_total_mb for each in self.machines if not each.is_silent)

    @property
    def disk_used_mb(self) -> int:
        return sum(each.disk_used_mb for each in self.machines if not each.is_silent)


def look(ranked_by: Measure = Measure.MEMORY) -> Overview:
    """Look at everything, in a number of queries that doesn't grow with what there is."""
    now = timezone.now()
    hosts = machines(now)
    return Overview(
        at=now,
        machines=hosts,
        reserved_mb=reserved_mb(),
        states=states(),
        creations=creations(now),
        traffic=traffic(now),
        sign_ups=sign_ups(now),
        first_commands=first_commands(now),
        census=census(now),
        ranked_by=ranked_by,
        consumers=consumers(now, ranked_by),
        loops=loops(now, hosts),
        jobs=jobs(now),
    )
