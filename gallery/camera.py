"""Take pictures of entries in all modes."""

from collections.abc import Callable, Sequence
from pathlib import Path

from playwright.sync_api import Error, Page

from gallery.entry import Entry
from gallery.modes import ALL, LIGHT, Mode
from gallery.visit import Visits, WrongAnswer

TALLEST = 2600
"""Lists that go on and on are cut off here."""


def modes_of(entry: Entry) -> tuple[Mode, ...]:
    """Paper is always light, and not a phone."""
    return (LIGHT,) if entry.is_printed else ALL


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
    size = page.viewport_size or {"width": 0, "height": 0}
    height = page.evaluate("document.documentElement.scrollHeight")
    clip = {"x": 0, "y": 0, "width": size["width"], "height": min(TALLEST, max(height, size["height"]))}
    page.screenshot(path=file, full_page=True, clip=clip, animations="disabled", caret="hide")  # type: ignore[arg-type]


