"""What an instance has used in a month, as exact whole numbers. Pure."""

from dataclasses import dataclass, fields
from decimal import Decimal

MILLISECONDS_AN_HOUR = 3_600_000
_PLACES = Decimal("0.000001")


@dataclass(slots=True)
class Amounts:
    """How much. ``memory_mb_ms`` adds up megabytes times milliseconds while it ran."""

    running_ms: int = 0
    memory_mb_ms: int = 0
    requests: int = 0
    commands: int = 0
    errors: int = 0
    bytes_in: int = 0
    bytes_out: int = 0

    def add(self, other: "Amounts") -> None:
        for name in NAMES:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    @property
    def running_hours(self) -> Decimal:
        return _hours(self.running_ms)

    @property
    def memory_mb_hours(self) -> Decimal:
        return _hours(self.memory_mb_ms)


NAMES = tuple(each.name for each in fields(Amounts))
TRAFFIC = ("requests", "commands", "errors", "bytes_in", "bytes_out")
SHOWN = ("running_hours", "memory_mb_hours", *TRAFFIC)


def _hours(milliseconds: int) -> Decimal:
    return (Decimal(milliseconds) / MILLISECONDS_AN_HOUR).quantize(_PLACES)
