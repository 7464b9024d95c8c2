"""Who is dropped when all clients of a worker together leave too much unread."""

import asyncio
from dataclasses import dataclass

import pytest

from redisgate.lib.http_sweeper import Sweeper
from tests.waiting import until


@dataclass(eq=False)
class Connection:
    """As much of a connection as the sweeper sees."""

    unread_bytes: int
    unread_since: float
    is_dropped: bool = False
    sweeps: int = 0

    def sweep(self, now: float) -> None:
        self.sweeps += 1

    def drop(self) -> None:
        self.is_dropped = True


async def dropped(*connections: Connection) -> list[bool]:
    """Sweep once over these connections, which may leave 100 bytes."""
    sweeper = Sweeper(asyncio.get_running_loop(), seconds=0.01, unread_bytes_max=100)
    for connection in connections:
        sweeper.add(connection)
    await until(lambda: all(connection.sweeps for connection in connections))
    for connection in connections:
        sweeper.discard(connection)
    return [connection.is_dropped for connection in connections]


async def test_nobody_is_dropped_within_the_bound() -> None:
    assert await dropped(Connection(60, 1.0), Connection(40, 2.0)) == [False, False]


async def test_who_has_read_nothing_for_longest_goes_first() -> None:
    found = await dropped(Connection(60, 3.0), Connection(60, 1.0), Connection(40, 2.0))
    assert found == [False, True, False]


async def test_of_those_who_came_together_the_largest_goes() -> None:
    found = await dropped(Connection(10, 1.0), Connection(90, 1.0), Connection(80, 1.0))
    assert found == [False, True, False]


@pytest.mark.parametrize("since", [0.5, 5.0])
async def test_who_has_everything_is_left_alone(since: float) -> None:
    assert await dropped(Connection(0, since), Connection(101, 1.0)) == [False, True]
