"""The lines of the overview's table, in words. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from figures.series import Unit
from figures.table import said
from instances.presentation import badge
from instances.spec import EvictionPolicy
from instances.states import Health, Status
from overview import needs
from overview.memory_hints import in_words
from overview.needs import Need
from overview.other_hints import AMBER_PERCENT, RED_PERCENT
from overview.server_hints import cannot_save
from overview.servers import Server
from redisgate.lib import sparks, units
from redisgate.lib.sentences import first_line

AS_ABOVE = "Failed as the one above."


@dataclass(frozen=True, slots=True)
class Row:
    """One instance as the overview shows it."""

    server: Server
    need: Need
    note: str
    """Why it stands where it does; empty where nobody needs to do anything."""

    @property
    def key(self) -> str:
        return str(self.server.line.id)

    @property
    def name(self) -> str:
        return self.server.line.name

    @property
    def status(self) -> str:
        return badge(self.server.line)[0]

    @property
    def label(self) -> str:
        return badge(self.server.line)[1]

    @property
    def is_unhealthy(self) -> bool:
        return self.server.is_running and self.server.line.health == Health.UNHEALTHY

    @property
    def memory(self) -> str:
        """Say ``12 MB of 64 MB``, or what is set aside while nobody knows what is used."""
        line = self.server.line
        if self.server.is_adopted:
            return "theirs"
        if self.server.used is None:
            return units.memory(line.memory_mb)
        return f"{said(self.server.used, Unit.BYTES)} of {units.memory(line.memory_mb)}"

    @property
    def level(self) -> str:
        """Say how worrying a full server is; one that evicts keys may well be full."""
        percent = self.server.percent or 0
        if self.server.line.eviction_policy != EvictionPolicy.NOEVICTION or percent < AMBER_PERCENT:
            return "ok"
        return "warning" if percent < RED_PERCENT else "danger"

    @property
    def rate(self) -> str:
        return said(self.server.rate, Unit.PER_SECOND) if self.server.rate is not None else ""

    @property
    def spark(self) -> str:
        figures = self.server.figures
        return sparks.line(figures.rate("commands")) if figures and self.server.is_running else ""


def row_of(server: Server, now: datetime) -> Row:
    need = needs.need_of(server, now)
    return Row(server, need, _note(server, need, now))


def told_once(rows: Sequence[Row]) -> list[Row]:
    """Say a reason once where instances below each other failed alike."""
    above = ["", *(row.note for row in rows)]
    return [
        replace(row, note=AS_ABOVE) if row.need is Need.FAILED and row.note == note != "" else row
        for row, note in zip(rows, above, strict=False)
    ]


def in_short(detail: str) -> str:
    """Say what the server complained of, in one line and in our words where there are any."""
    return "Can't save to disk" if cannot_save(detail) else first_line(detail)


def _note(server: Server, need: Need, now: datetime) -> str:
    line = server.line
    match need:
        case Need.FAILED | Need.UNHEALTHY:
            return in_short(line.status_detail)
        case Need.NEARLY_FULL:
            return f"{server.percent} % full"
        case Need.HELD:
            return "Stopped with the organization"
        case Need.EXPIRING if line.expires_at is not None and line.status != Status.DELETING:
            return f"Expires in {in_words(max(0.0, (line.expires_at - now).total_seconds()))}"
        case _:
            return ""
