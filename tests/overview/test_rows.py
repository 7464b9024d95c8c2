"""The lines of the overview's table."""

from django.utils import timezone

from overview.rows import AS_ABOVE, row_of, told_once
from tests.overview.servers import server


def test_a_reason_is_told_once_where_neighbours_failed_alike() -> None:
    reasons = (*3 * ("It ended 5 times.",), "Its disk is full.")
    shown = [server(status="error", status_detail=each) for each in reasons]
    rows = told_once([row_of(each, timezone.now()) for each in shown])
    assert [row.note for row in rows] == [
        *("It ended 5 times.", AS_ABOVE, AS_ABOVE, "Its disk is full.")
    ]


def test_what_is_unhealthy_always_says_why() -> None:
    silent = server(health="unhealthy", status_detail="It hasn't answered PING.")
    rows = [row_of(silent, timezone.now())] * 2
    assert told_once(rows) == rows


def test_failed_without_a_reason_stays_without_one() -> None:
    rows = [row_of(server(status="error"), timezone.now()) for _ in range(2)]
    assert told_once(rows) == rows


def test_no_instances_make_no_rows() -> None:
    assert told_once([]) == []
