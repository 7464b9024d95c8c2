"""The stretches of time that figures are of, each up to now."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Span:
    name: str
    label: str
    length: timedelta


DAY = Span("24h", "24 hours", timedelta(days=1))
WEEK = Span("7d", "7 days", timedelta(days=7))
MONTH = Span("30d", "30 days", timedelta(days=30))
SPANS = (DAY, WEEK, MONTH)
