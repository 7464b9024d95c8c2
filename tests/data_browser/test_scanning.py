"""SCAN within its budget, on a real server; what it costs is counted in steps."""

from collections.abc import Iterator

import pytest

from browser import connection, scanning
from browser.connection import Server
from browser.scanning import MOST_COUNT, Budget, next_count, scan
from browser.search import How, Search
from instances.models import Instance
from tests.conftest import Cast
from tests.data_browser.conftest import RealServer

pytestmark = pytest.mark.django_db
GENEROUS = Budget(wanted=10_000_000, busy_seconds=60, wall_seconds=60)


@pytest.fixture
def scanner(million: RealServer, cast: Cast) -> Iterator[Server]:
    with connection.scanning(million.instance(cast.acme)) as server:
        yield server


def test_portions_together_find_each_key_of_a_million(scanner: Server) -> None:
    found: set[bytes] = set()
    cursor, scanned = 0, 0
    while True:
        portion = scan(scanner, Search("user:", How.PREFIX), cursor, Budget(wanted=1_000_000))
        found.update(portion.names)
        cursor, scanned = portion.cursor, scanned + portion.scanned
        if portion.is_last:
            break
    assert len(found) == 100_000
    # A step looks at a few keys more than it was told, so what was told may add up to less.
    assert 950_000 <= scanned < 1_100_000


def test_needle_is_found_in_few_steps(scanner: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scanning, "STEP_SECONDS", 60)  # a busy machine would make them smaller
    portion = scan(scanner, Search("needle"), 0, GENEROUS)
    assert portion.names == [b"needle:in:the:haystack"]
    assert portion.steps < 60  # they grow where nothing is found


def test_page_of_what_is_everywhere_takes_one_small_step(scanner: Server) -> None:
    portion = scan(scanner, Search(), 0, Budget())
    assert 200 <= len(portion.names) < 600
    assert portion.steps <= 2


def test_spent_budget_hands_the_cursor_back(scanner: Server) -> None:
    portion = scan(scanner, Search("needle"), 0, Budget(busy_seconds=0))
    assert portion.steps == 1
    assert not portion.is_last


def test_wall_time_bounds_a_request_whose_steps_are_quick(scanner: Server) -> None:
    ticks = iter(range(1_000_000))
    portion = scan(
        scanner,
        Search("needle"),
        0,
        Budget(busy_seconds=1e9, wall_seconds=10),
        clock=lambda: float(next(ticks)),
    )
    assert portion.steps <= 5  # each reads the clock three times


def test_slow_step_makes_the_next_one_smaller() -> None:
    assert next_count(20_000, 0.04, rows=0, scanned=1000, wanted=200) == 2000
    assert next_count(2000, 0.04, rows=0, scanned=1000, wanted=200) == 1000
    assert next_count(1000, 0.0001, rows=0, scanned=1000, wanted=200) == 4000
    assert next_count(10**6, 0.0001, rows=0, scanned=1000, wanted=200) == MOST_COUNT


def test_step_is_no_larger_than_what_is_still_wanted() -> None:
    assert next_count(5000, 0.0001, rows=100, scanned=1000, wanted=200) == 1000


def test_type_filter_is_the_servers(server: RealServer, cast: Cast) -> None:
    server.client.set("a", 1)
    server.client.rpush("b", 1)
    with connection.scanning(server.instance(cast.acme)) as scanner:
        assert scan(scanner, Search(kind="list"), 0, Budget()).names == [b"b"]


def test_scanner_sends_what_it_was_made_for_and_nothing_else(instance: Instance) -> None:
    with connection.scanning(instance) as server:
        for words in (("SET", b"a", b"b"), ("FLUSHALL",), ("GET", b"a"), ("CONFIG", "GET", "*")):
            with pytest.raises(ValueError, match="none of the commands"):
                server.send(*words)
            with pytest.raises(ValueError, match="none of the commands"):
                server.gather(words)
