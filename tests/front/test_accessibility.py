"""axe-core finds nothing on any kind of page, in light, dark and at the width of a phone.

``python -m gallery --axe`` checks every page of the catalogue in more modes still.
"""

from collections import defaultdict
from collections.abc import Iterator
from uuid import UUID

import pytest
from django.urls import resolve

from gallery.catalogue import ENTRIES
from gallery.entry import DASHBOARD, Entry
from gallery.inspection import inspect
from gallery.stage import opened
from gallery.visit import Visits
from tests import prepared
from tests.browser import chromium

pytestmark = pytest.mark.e2e

SHARES = 6
"""How many may be checked beside each other."""


def one_of_each_kind() -> list[Entry]:
    """Give the first entry of each view, and each where something is open, sent or missing."""
    kinds: dict[object, Entry] = {}
    for entry in ENTRIES:
        is_special = entry.after is not None or entry.status != 200
        if entry.kind == DASHBOARD and not entry.is_printed:
            kinds.setdefault(entry.name if is_special else view_of(entry), entry)
    return list(kinds.values())


def view_of(entry: Entry) -> str:
    ids = defaultdict(lambda: str(UUID(int=1)), passkey="1")
    return resolve(entry.path.partition("?")[0].format_map(ids)).view_name


@pytest.fixture(scope="module")
def visits() -> Iterator[Visits]:
    with opened(prepared.directory) as stage:
        with chromium.awake() as browser:
            visits = Visits(browser, stage)
        yield visits
        with chromium.awake():
            visits.close()


@pytest.mark.parametrize("share", range(SHARES))
def test_no_kind_of_page_breaks_a_rule(visits: Visits, share: int) -> None:
    entries = one_of_each_kind()[share::SHARES]
    with chromium.awake():
        found = [str(each) for entry in entries for each in inspect(visits, entry)]
    assert not found, "\n\n".join(found)
