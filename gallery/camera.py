"""Take pictures of entries in all modes."""

from collections.abc import Callable, Sequence
from pathlib import Path

from playwright.sync_api import Error, Page

from gallery.entry import Entry
from gallery.modes import ALL, FORCED, LIGHT, Mode
from gallery.visit import Visits, WrongAnswer

TALLEST = 2600
"""Lists that go on and on are cut off here."""


def modes_of(entry: Entry) -> tuple[Mode, ...]:
    """Paper is always light, and not a phone."""
    if entry.is_printed:
        return (LIGHT,)
    return (*ALL, FORCED) if entry.is_forced else ALL


def photograph(
    visits: Visits, entries: Sequence[Entry], folder: Path, *, fail: Callable[[str], object]
) -> int:
    """Write a file for each entry and mode, and say how many; what can't be shown is told."""
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    for entry in entries:
        try:
            with visits.to(entry) as page:
                for mode in modes_of(entry):
                    mode.apply(page)
                    _shoot(page, entry, folder / f"{entry.name}-{mode.name}.png")
                    count += 1
        except (Error, WrongAnswer) as reason:
            fail(f"{entry.name}: {str(reason).splitlines()[0]}")
    return count


def _shoot(page: Page, entry: Entry, file: Path) -> None:
    if entry.is_printed:
        page.emulate_media(media="print")
    size = page.viewport_size
    assert size is not None  # a mode has set it
    tall = max(page.evaluate("document.documentElement.scrollHeight"), size["height"])
    # A window as tall as the page, so that what sticks to its edges is where a reader would see it.
    page.set_viewport_size({"width": size["width"], "height": min(TALLEST, tall)})
    page.screenshot(path=file, animations="disabled", caret="hide")
