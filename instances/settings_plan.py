"""When changed settings are applied to a running server, and what follows from that. Pure.

A wish that fails stays: the old settings go on, its page says why, and it is tried again with
growing pauses until it works or people wish otherwise.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from instances.steps import ApplySettings, MarkSettings

ASK_AGAIN_AFTER = timedelta(seconds=1)
FIRST_DELAY_SECONDS = 2.0
LONGEST_DELAY_SECONDS = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsWish:
    """What people wish, and what is known of it."""

    wish: int = 0
    done: int = 0
    failures: int = 0
    try_at: datetime | None = None

    def is_due(self, now: datetime) -> bool:
        return self.done < self.wish and (self.try_at is None or self.try_at <= now)


def after_applying(
    deed: ApplySettings, known: SettingsWish, words: str, now: datetime
) -> MarkSettings:
    """Say what follows from a call that did its part; ``words`` say what the server still does."""
    if words:
        return MarkSettings(done=known.done, note=words, try_at=now + ASK_AGAIN_AFTER)
    return MarkSettings(done=deed.wish)


def after_failing(known: SettingsWish, words: str, now: datetime) -> MarkSettings:
    """Say what follows from a call that failed."""
    seconds = min(FIRST_DELAY_SECONDS * 2.0 ** min(known.failures, 8), LONGEST_DELAY_SECONDS)
    return MarkSettings(
        done=known.done,
        note=words,
        failures=known.failures + 1,
        try_at=now + timedelta(seconds=seconds),
    )
