"""``python -m gallery [NAME…]``: take pictures of all pages, or of those whose names begin so.

With ``--axe`` check their accessibility instead, in every mode.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Error

from gallery import camera, contact_sheet, inspection
from gallery.catalogue import ENTRIES
from gallery.entry import Entry
from gallery.stage import opened
from gallery.visit import Visits, WrongAnswer
from tests import browser
from tests.platform import ROOT

FOLDER = ROOT / "var" / "screenshots"


def main() -> int:
    arguments = _arguments()
    entries = chosen(arguments.names)
    if not entries:
        sys.stderr.write("No page of the catalogue has a name that begins so.\n")
        return 1
    began = time.monotonic()
    with opened() as stage, browser.chromium.awake() as chromium:
        sys.stdout.write(f"The world took {time.monotonic() - began:.0f} s.\n")
        visits = Visits(chromium, stage)
        look = _inspect if arguments.axe else _photograph
        said, failures = look(visits, entries, arguments.folder)
    browser.chromium.close()
    sys.stdout.write(f"{said} in {time.monotonic() - began:.0f} s.\n")
    sys.stderr.writelines(f"{failure}\n" for failure in failures)
    return 1 if failures else 0


def _photograph(visits: Visits, entries: Sequence[Entry], folder: Path) -> tuple[str, list[str]]:
    failures: list[str] = []
    count = camera.photograph(visits, entries, folder, fail=failures.append)
    index = contact_sheet.write(entries, folder)
    return f"{count} pictures of {len(entries)} pages, see {index},", failures


def _inspect(visits: Visits, entries: Sequence[Entry], _: Path) -> tuple[str, list[str]]:
    found: list[str] = []
    unseen: list[str] = []
    for entry in entries:
        try:
            found += map(str, inspection.inspect(visits, entry, inspection.THOROUGH))
        except (Error, WrongAnswer) as reason:
            unseen.append(f"{entry.name}: {str(reason).splitlines()[0]}")
    pages = f"{len(entries) - len(unseen)} of {len(entries)} pages"
    return f"{len(found)} violations on {pages}", [*found, *unseen]


def chosen(names: Sequence[str]) -> tuple[Entry, ...]:
    """Give the entries whose names begin like one of these; all of them for none."""
    return tuple(each for each in ENTRIES if not names or each.name.startswith(tuple(names)))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m gallery", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="how names of entries begin")
    parser.add_argument("--axe", action="store_true", help="check, and take no pictures")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
