"""What a key may still do, as headers."""

import pytest

from gateway.allowance import allowances


def test_headers_name_the_policy_and_what_is_left() -> None:
    assert allowances(100).at(57.9).headers == {
        "RateLimit-Policy": '"default";q=100;w=1',
        "RateLimit": '"default";r=57;t=1',
        "X-RateLimit-Limit": "100",
        "X-RateLimit-Remaining": "57",
        "X-RateLimit-Reset": "1",
    }


def test_a_full_bucket_needs_no_time_to_be_full() -> None:
    assert allowances(100).at(100.0).headers["RateLimit"] == '"default";r=100;t=0'


def test_a_debt_leaves_nothing_and_counts_until_full_again() -> None:
    assert allowances(100).at(-250.0).headers["RateLimit"] == '"default";r=0;t=4'


def test_lines_are_the_headers_as_bytes() -> None:
    allowance = allowances(3).at(2.0)
    assert allowance.lines == (
        b'ratelimit-policy: "default";q=3;w=1\r\nratelimit: "default";r=2;t=1\r\n'
        b"x-ratelimit-limit: 3\r\nx-ratelimit-remaining: 2\r\nx-ratelimit-reset: 1\r\n"
    )


def test_equal_allowances_are_made_once() -> None:
    assert allowances(100).at(57.9) is allowances(100).at(57.1)


@pytest.mark.parametrize("limit", [1, 7, 999, 1000, 1001, 1999, 77_777, 100_000])
def test_what_is_told_is_at_most_what_is_left_and_nearly_that(limit: int) -> None:
    known = allowances(limit)
    for level in {0.0, 0.5, 1.0, limit / 3, limit / 2, limit - 0.01, float(limit)}:
        told = known.at(level).remaining
        assert level - 1 - limit / 500 < told <= level
    assert len(known.made) <= 1001
