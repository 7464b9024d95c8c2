"""Numbers over time as drawings that fit into a row. Pure: each gives the path of an SVG."""

from collections.abc import Iterator, Sequence

HEIGHT = 20
BAR = 3
"""The width of a bar, its gap included."""
WIDTH = 72
"""The width of a line, whatever it has of points."""


def bars(counts: Sequence[int]) -> str:
    """Draw what there was any of as bars, each at least a pixel high."""
    most = max(counts, default=0)
    heights = [-(-count * HEIGHT // most) if count else 0 for count in counts]
    return "".join(
        f"M{n * BAR} {HEIGHT}v-{high}h{BAR - 1}v{high}z" for n, high in enumerate(heights) if high
    )


def line(values: Sequence[float | None], *, most: float | None = None) -> str:
    """Draw a line from 0 up to the highest value or ``most``; it breaks where nothing is known."""
    top = most or max((value for value in values if value is not None), default=0)
    across = WIDTH / max(len(values) - 1, 1)
    return "".join(
        "M" + "L".join(f"{n * across:.1f} {_height(value, top):.1f}" for n, value in stretch)
        for stretch in _stretches(values)
    )


def _height(value: float, top: float) -> float:
    """Leave a pixel at either end, or half of the line's breadth would be cut off."""
    return HEIGHT - 1 - (HEIGHT - 2) * min(value / top, 1) if top else HEIGHT - 1


def _stretches(values: Sequence[float | None]) -> Iterator[list[tuple[int, float]]]:
    """Give the points between two gaps; one alone is drawn twice, or nobody would see it."""
    stretch: list[tuple[int, float]] = []
    for n, value in [*enumerate(values), (len(values), None)]:
        if value is not None:
            stretch.append((n, value))
        elif stretch:
            yield stretch if len(stretch) > 1 else [*stretch, (stretch[0][0] + 1, stretch[0][1])]
            stretch = []
