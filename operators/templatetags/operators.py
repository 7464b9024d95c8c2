"""Figures of the platform in words and drawings."""

from typing import Any

from django import template

from operators import drawing
from operators.arrivals import SignUps
from operators.rates import Rate
from operators.spans import Span
from operators.states import States
from redisgate.lib.units import MEGABYTE, counted, short, size

register = template.Library()

NOTHING = "none"
LARGE = ((10**9, "bn"), (10**6, "M"))
UNITS = (("d", 86_400), ("h", 3600), ("min", 60))


@register.filter
def megabytes(amount: int) -> str:
    """Say ``7.8 GB``."""
    return size(amount * MEGABYTE)


@register.filter
def brief(number: int) -> str:
    """Say ``734,112``, and ``5.76 M`` where all digits would not fit."""
    for least, unit in LARGE:
        if number >= least:
            return f"{short(number / least)} {unit}"
    return f"{number:,}"


@register.filter
def ratio(rate: Rate) -> str:
    """Say ``99.8 %``; whatever isn't all of them is never rounded up to 100."""
    if rate.ratio is None:
        return NOTHING
    if rate.good == rate.all:
        return "100 %"
    return f"{min(rate.ratio * 100, 99.99):.4g} %"


@register.filter
def length_of(seconds: float | None) -> str:
    """Say ``340 ms``, ``1.2 s``, ``4 min``, ``3.5 h``."""
    if seconds is None:
        return NOTHING
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    for unit, least in UNITS:
        if seconds >= least:
            return f"{short(seconds / least)} {unit}"
    return f"{short(seconds)} s"


@register.filter
def of_span(source: Any, span: Span) -> Rate:
    """Ask whatever has a ``rate`` for that of a stretch of time."""
    found: Rate = source.rate(span)
    return found


@register.filter
def percentile(times: Any, percent: int) -> float | None:
    found: float | None = times.at(percent)
    return found


@register.filter
def active_in(active: dict[str, int], span: Span) -> int:
    return active[span.name]


@register.filter
def segments(states: States) -> list[drawing.Segment]:
    return drawing.segments(states)


@register.filter
def hours(commands: list[int]) -> list[drawing.Column]:
    """Draw the commands of a day."""
    last = len(commands) - 1
    words = (f"{last - place} h ago" if place < last else "This hour" for place in range(last + 1))
    named = zip(words, commands, strict=True)
    return drawing.columns([(f"{when}: {counted(n, 'command')}", n) for when, n in named])


@register.filter
def days(sign_ups: SignUps) -> list[drawing.Column]:
    """Draw the sign-ups of a month."""
    return drawing.columns(
        [(f"{day:%-d %B}: {counted(n, 'sign-up')}", n) for day, n in sign_ups.by_day.items()]
    )
