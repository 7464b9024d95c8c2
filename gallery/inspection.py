"""Check entries in several modes, each page loaded once."""

from collections.abc import Sequence

from gallery import accessibility
from gallery.accessibility import Part, Violation
from gallery.entry import Entry
from gallery.modes import ALL, DARK, LIGHT, NARROW, PHONE, Mode
from gallery.visit import Visits

THOROUGH = (*ALL, NARROW)
BRIEF = (LIGHT, DARK, PHONE)


def inspect(visits: Visits, entry: Entry, modes: Sequence[Mode] = BRIEF) -> list[Violation]:
    """Give what is wrong with a page in these modes.

    What a mode has in common with one before it is not checked again: another scheme changes
    colours alone, and another width everything but colours.
    """
    found: list[Violation] = []
    seen: list[Mode] = []
    with visits.to(entry) as page:
        for mode in modes:
            mode.apply(page)
            part = _part(mode, seen)
            found += accessibility.violations(page, entry.name, mode, part)
            if part is not Part.CONTRAST:
                found += accessibility.cut_off(page, entry.name, mode)
            seen.append(mode)
    return found


def _part(mode: Mode, seen: Sequence[Mode]) -> Part:
    if any(each.width == mode.width for each in seen):
        return Part.CONTRAST
    return Part.ALL_ELSE if any(each.scheme == mode.scheme for each in seen) else Part.ALL
