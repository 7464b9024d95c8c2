"""Months beside each other, as bars that need no script. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from metering.amounts import Amounts
from metering.months import Month

WIDTH, HEIGHT, GAP = 48, 120, 12
_GIGABYTE = 1024
_WHOLE, _CENT, _FINER = Decimal(1), Decimal("0.01"), Decimal("0.0001")
_THOUSAND = 1000


@dataclass(frozen=True, slots=True)
class Bar:
    """One month: where it stands in the drawing, and what it says."""

    month: Month
    x: int
    y: int
    height: int
    memory_gb_hours: Decimal
    commands: int
    is_chosen: bool

    @property
    def middle(self) -> int:
        return self.x + WIDTH // 2

    @property
    def value_y(self) -> int:
        """Give where the figure stands, just above the bar."""
        return self.y - 5


@dataclass(frozen=True, slots=True)
class Chart:
    bars: list[Bar]
    width: int
    has_amounts: bool
    height: int = HEIGHT
    bar_width: int = WIDTH


def bars(history: Mapping[Month, Amounts], *, chosen: Month) -> Chart:
    """Draw memory over the months; the largest takes all of the height."""
    most = max((amounts.memory_mb_ms for amounts in history.values()), default=0)
    drawn = []
    for place, (month, amounts) in enumerate(history.items()):
        height = round(amounts.memory_mb_ms * HEIGHT / most) if most else 0
        # The smallest amount is still something to see.
        height = max(height, 2) if amounts.memory_mb_ms else 0
        drawn.append(
            Bar(
                month,
                place * (WIDTH + GAP),
                HEIGHT - height,
                height,
                _in_gigabytes(amounts.memory_mb_hours),
                amounts.commands,
                month == chosen,
            )
        )
    return Chart(drawn, max(1, len(drawn)) * (WIDTH + GAP) - GAP, has_amounts=most > 0)


def _in_gigabytes(megabyte_hours: Decimal) -> Decimal:
    """Write two places, none where a bar is too narrow for them, and more below a hundredth."""
    amount = megabyte_hours / _GIGABYTE
    if amount >= _THOUSAND:
        return amount.quantize(_WHOLE)
    return amount.quantize(_CENT if amount >= _CENT or not amount else _FINER)
