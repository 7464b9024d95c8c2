"""How finely figures are kept, and for how long."""

from dataclasses import dataclass

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR


@dataclass(frozen=True, slots=True)
class Level:
    """All in seconds: a point each ``step``, a row each ``span``, gone after ``keep``."""

    step: int
    span: int
    keep: int

    def start_of(self, at: int) -> int:
        """Say where the chunk begins that holds this moment."""
        return at - at % self.span

    def place_of(self, at: int) -> int:
        """Say where in its chunk this moment's point stands."""
        return at % self.span // self.step


RAW = Level(10, 5 * MINUTE, DAY)
MINUTES = Level(MINUTE, 4 * HOUR, 7 * DAY)
TENS = Level(10 * MINUTE, DAY, 30 * DAY)
HOURS = Level(HOUR, 10 * DAY, 90 * DAY)
LEVELS = (RAW, MINUTES, TENS, HOURS)
