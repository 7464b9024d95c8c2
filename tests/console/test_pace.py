"""A console runs a burst at once, and then so many commands a second."""

import time
from uuid import UUID, uuid4

import pytest

from console import pace
from redisgate.lib.errors import Conflict


async def test_burst_is_let_through_and_the_rest_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "BURST", 5)
    monkeypatch.setattr(pace, "COMMANDS_A_SECOND", 50.0)
    mine = pace.Pace()
    began = time.monotonic()
    for _ in range(5):
        await mine.keep()
    for _ in range(10):
        await mine.keep()
    # Ten commands above the burst, fifty a second.
    assert time.monotonic() - began > 0.19


def test_places_are_counted_for_each_person_and_instance() -> None:
    person, instance = uuid4(), uuid4()
    with pytest.raises(Conflict, match="Close one"):
        _open_one_inside_another(person, instance, pace.CONSOLES + 1)
    with pace.counted(person, instance):
        pass


def _open_one_inside_another(person: UUID, instance: UUID, how_many: int) -> None:
    if how_many:
        with pace.counted(person, instance):
            _open_one_inside_another(person, instance, how_many - 1)
