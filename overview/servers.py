"""All instances of an organization with their figures of the last hour, in two queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from figures.lines import Lines
from instances import listing
from instances.access import instances_of
from instances.models import EXTERNAL, Held
from instances.states import Status
from orgs.access import Access
from overview import hour
from overview.hour import Hour

COLUMNS = (
    *listing.COLUMNS,
    *("memory_mb", "purpose", "eviction_policy", "expires_at", "status_detail"),
    *("settings_wish", "settings_done", "settings_failures", "settings_note"),
)


class Line(listing.Line, Protocol):
    """What the overview reads of an instance."""

    @property
    def memory_mb(self) -> int: ...
    @property
    def purpose(self) -> str: ...
    @property
    def eviction_policy(self) -> str: ...
    @property
    def expires_at(self) -> datetime | None: ...
    @property
    def status_detail(self) -> str: ...
    @property
    def settings_wish(self) -> int: ...
    @property
    def settings_done(self) -> int: ...
    @property
    def settings_failures(self) -> int: ...
    @property
    def settings_note(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Server:
    """One instance: its row, and its figures where it has any."""

    line: Line
    figures: Lines | None = None
    is_held: bool = False
    """Whether it was stopped with its organization, and runs again after that."""

    @property
    def is_running(self) -> bool:
        return self.line.status == Status.RUNNING

    @property
    def is_adopted(self) -> bool:
        return self.line.provisioner == EXTERNAL

    @property
    def used(self) -> int | None:
        """Give the bytes in use now; None where nobody knows."""
        return self._newest("used")

    @property
    def limit(self) -> int:
        return self._newest("limit") or 0

    @property
    def rate(self) -> float | None:
        """Give the commands a second of the last ten seconds."""
        commands, milliseconds = self._newest("commands"), self._newest("ms")
        return None if commands is None or not milliseconds else commands * 1000 / milliseconds

    @property
    def percent(self) -> int | None:
        used = self.used
        return None if used is None or not self.limit else min(100, used * 100 // self.limit)

    def sum(self, name: str) -> int:
        """Give what a counter came to over the last hour."""
        return self.figures.totals[name] if self.figures else 0

    def _newest(self, name: str) -> int | None:
        if not self.is_running or self.figures is None or not self.figures.newest:
            return None
        return self.figures.newest.get(name, 0)


def of(access: Access) -> tuple[Sequence[Server], Hour]:
    """Read every instance, in the order of names, and the last hour of all of them."""
    rows = list(instances_of(access).values_list(*COLUMNS, named=True))
    ours = [row.id for row in rows if row.provisioner != EXTERNAL]
    last = hour.of(access.organization.pk, ours)
    held = _held(access)
    return [Server(row, last.lines.get(row.id), row.id in held) for row in rows], last


def _held(access: Access) -> frozenset[UUID]:
    if not access.organization.is_suspended:
        return frozenset()
    mine = Held.objects.filter(instance__organization=access.organization)
    return frozenset(mine.values_list("instance_id", flat=True))
