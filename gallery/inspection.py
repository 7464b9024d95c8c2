"""Check entries in several modes, each page loaded once."""

from collections.abc import Sequence

from gallery import accessibility
from gallery.accessibility import Violation
from gallery.entry import Entry
from gallery.modes import ALL, DARK, LIGHT, NARROW, PHONE, Mode
from gallery.visit import Visits

THOROUGH = (*ALL, NARROW)
BRIEF = (LIGHT, DARK, PHONE)


def inspect(visits: Visits, entry: Entry, modes: Sequence[Mode] = BRIEF) -> list[Violation]:
    """Give what is wrong with a page in these modes.

    What a mode has in common with one before it is not checked again: in another scheme only
    colours are others.
    """
    found: list[Violation] = []
    seen_widths: set[int] = set()
    with visits.to(entry) as page:
        for mode in modes:
            mode.apply(page)
            known = mode.width in seen_widths
            found += accessibility.violations(page, entry.name, mode, colours_alone=known)
            if not known:
                found += accessibility.cut_off(page, entry.name, mode)
            seen_widths.add(mode.width)
    return found
