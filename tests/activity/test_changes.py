"""What an event changed, in words."""

import pytest

from activity.changes import note, rows


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (64, 128, "memory: 64 MB → 128 MB"),
        (1024, 61856, "memory: 1 GB → 61,856 MB"),
        (None, 512, "memory: none → 512 MB"),
    ],
)
def test_memory_has_the_unit_that_it_has_elsewhere(
    before: int | None, after: int, words: str
) -> None:
    assert note({"before": {"memory_mb": before}, "after": {"memory_mb": after}}) == words


def test_other_numbers_say_their_unit_beside_their_name() -> None:
    (grace,) = rows({"grace_seconds": 30})
    assert (grace.name, grace.after) == ("grace in seconds", "30")
