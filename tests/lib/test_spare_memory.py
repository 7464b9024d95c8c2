"""Memory goes back when there is time for it, and not before."""

import asyncio
import gc
import weakref
from collections.abc import Iterator

import pytest

from redisgate.lib import spare_memory
from redisgate.lib.spare_memory import SpareMemory
from tests.waiting import until


class Cycle:
    """What only a collection finds."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture(autouse=True)
def no_collection_by_itself() -> Iterator[None]:
    gc.disable()
    yield
    gc.enable()


def left_behind() -> "weakref.ref[Cycle]":
    return weakref.ref(Cycle())


async def test_what_a_burst_left_goes_once_it_is_quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spare_memory, "QUIET_SECONDS", 0.05)
    monkeypatch.setattr(spare_memory, "PAUSE_SECONDS", 0.0)
    memory, left = SpareMemory(asyncio.get_running_loop()), left_behind()
    memory.note(is_busy=True)

    def is_gone() -> bool:
        memory.note(is_busy=False)
        return left() is None

    assert left() is not None
    await until(is_gone)


async def test_nothing_is_tidied_while_there_is_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spare_memory, "QUIET_SECONDS", 0.0)
    monkeypatch.setattr(spare_memory, "PAUSE_SECONDS", 0.0)
    memory, left = SpareMemory(asyncio.get_running_loop()), left_behind()
    memory.note(is_busy=True)
    memory.note(is_busy=True)
    assert left() is not None
    memory.note(is_busy=False)
    assert left() is None


async def test_traffic_that_comes_and_goes_pays_once_in_a_while(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(spare_memory, "QUIET_SECONDS", 0.0)
    memory, left = SpareMemory(asyncio.get_running_loop()), left_behind()
    memory.note(is_busy=True)
    memory.note(is_busy=False)
    assert left() is not None


async def test_rest_costs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spare_memory, "QUIET_SECONDS", 0.0)
    monkeypatch.setattr(spare_memory, "PAUSE_SECONDS", 0.0)
    memory, left = SpareMemory(asyncio.get_running_loop()), left_behind()
    memory.note(is_busy=False)
    assert left() is not None
