"""``python -m gallery [NAME…]``: take pictures of all pages, or of those whose names begin so."""

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from gallery import camera, contact_sheet
from gallery.catalogue import ENTRIES
from gallery.entry import Entry
from gallery.stage import opened
from gallery.visit import Visits
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
    failures: list[str] = []
    with opened() as stage, browser.chromium.awake() as chromium:
        seeded = time.monotonic()
        visits = Visits(chromium, stage)
        count = camera.photograph(visits, entries, arguments.folder, fail=failures.append)
    browser.chromium.close()
    index = contact_sheet.write(entries, arguments.folder)
    now = time.monotonic()
    sys.stdout.write(
        f"{count} pictures of {len(entries)} pages in {now - began:.0f} s, of which the world "
        f"took {seeded - began:.0f} s. Open {index}\n"
    )
    sys.stderr.writelines(f"{failure}\n" for failure in failures)
    return 1 if failures else 0


def chosen(names: Sequence[str]) -> tuple[Entry, ...]:
    """Give the entries whose names begin like one of these; all of them for none."""
    return tuple(each for each in ENTRIES if not names or each.name.startswith(tuple(names)))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m gallery", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="how names of entries begin")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
