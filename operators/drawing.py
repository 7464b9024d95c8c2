"""Figures as drawings that need no script. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from instances.states import Status
from operators.states import States

WIDTH, GAP = 1000, 4
LEAST = 8
"""What there is of anything is wide enough to be seen."""

HEIGHT = 40
BAR, BETWEEN = 8, 2


@dataclass(frozen=True, slots=True)
class Segment:
    """One state in the bar of all of them."""

    status: Status
    count: int
    x: int
    width: int


@dataclass(frozen=True, slots=True)
class Column:
    """One value among others, with the words that name it."""

    words: str
    x: int
    y: int
    height: int


def segments(states: States) -> list[Segment]:
    """Lay the states side by side, each as wide as its share."""
    there = [(status, count) for status, count in states.by_status.items() if count]
    room = WIDTH - GAP * (len(there) - 1) - LEAST * len(there)
    drawn, x = list[Segment](), 0
    for status, count in there:
        width = LEAST + room * count // states.all
        drawn.append(Segment(status, count, x, width))
        x += width + GAP
    return drawn


def columns(values: Sequence[tuple[str, int]]) -> list[Column]:
    """Draw values as columns, the largest as high as there is room; none is a line."""
    most = max((value for _, value in values), default=0)
    heights = [-(-value * HEIGHT // most) if value else 1 for _, value in values]
    return [
        Column(words, place * (BAR + BETWEEN), HEIGHT - height, height)
        for place, ((words, _), height) in enumerate(zip(values, heights, strict=True))
    ]
