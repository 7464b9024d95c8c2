"""Every ten seconds, each at its own moment, ask every running server how it is.

The loop that asks stands still while results are written, so it never meets the database.
"""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import UUID

from figures import store
from figures.conversation import Address, NoAnswer, ask
from figures.counting import Seen, point
from figures.levels import RAW
from figures.store import Stretch
from instances.provisioners import own_traffic
from instances.provisioners.own_traffic import Cost
from redisgate.lib.write_lock import retried_when_locked

TOGETHER_MAX = 32
"""So many servers are asked at once, at most."""
ANSWER_SECONDS = 3.0

AddressOf = Callable[[set[UUID]], dict[UUID, Address]]


@dataclass(slots=True)
class Watched:
    """One server between two looks."""

    instance_id: UUID
    address: Address
    due: int = 0
    """When the last look began that was not late: a multiple of ten seconds."""
    seen: Seen | None = None
    chunk: Stretch | None = None
    is_asked: bool = False
    is_strange: bool = False
    """It gave no sample. Another server, with another password, may be in its place."""

    @property
    def phase(self) -> float:
        """Seconds after each full ten, so that not all are asked at once."""
        return self.instance_id.int % 9000 / 1000

    def take(self, seen: Seen, due: int) -> Stretch:
        """Keep the sample in its chunk, and give that."""
        start = RAW.start_of(due)
        if self.chunk is None or self.chunk.start != start:
            self.chunk = Stretch(self.instance_id, RAW, start)
        self.chunk.points[RAW.place_of(due)] = point(self.seen, seen)
        self.seen = seen
        return self.chunk


class Sampler:
    """All servers of this platform, as one controller looks at them."""

    def __init__(
        self,
        fence: int,
        *,
        clock: Callable[[], float],
        answer_seconds: float = ANSWER_SECONDS,
    ) -> None:
        self._fence = fence
        self._clock = clock
        self._answer_seconds = answer_seconds
        self._watched: dict[UUID, Watched] = {}
        self._runner = asyncio.Runner()
        self._running: set[asyncio.Task[None]] = set()
        self._changed: dict[tuple[UUID, int], Stretch] = {}
        self._seats = asyncio.Semaphore(TOGETHER_MAX)

    def watch(self, wanted: set[UUID], address_of: AddressOf) -> None:
        """Look at these from now on; addresses are asked for those that are new."""
        for gone in self._watched.keys() - wanted:
            del self._watched[gone]
        new = wanted - self._watched.keys()
        strange = {each.instance_id for each in self._watched.values() if each.is_strange}
        found = address_of(new | strange) if new or strange else {}
        open_chunks = _open_chunks(new, int(self._clock())) if new else {}
        for instance_id, address in found.items():
            watched = self._watched.get(instance_id) or Watched(
                instance_id, address, chunk=open_chunks.get(instance_id)
            )
            watched.address, watched.is_strange = address, False
            self._watched[instance_id] = watched

    def learn(self, costs: Iterable[tuple[UUID, Cost]]) -> None:
        """Take what other processes of the platform asked for the platform's own doing."""
        for instance_id, cost in costs:
            if watched := self._watched.get(instance_id):
                own_traffic.with_server(watched.address.socket_path).learn(cost)

    def turn(self, seconds: float) -> None:
        """Begin what is due, and let it go on for so long at most."""
        self._runner.run(self._turn(seconds))

    def write(self) -> None:
        """Write down what came; what can't be written now is kept for the next time."""
        if self._changed:
            _write(list(self._changed.values()), self._fence)
            self._changed.clear()

    def close(self) -> None:
        self._runner.close()

    async def _turn(self, seconds: float) -> None:
        now = self._clock()
        for each in self._watched.values():
            due = int((now - each.phase) // RAW.step) * RAW.step
            if due > each.due and not each.is_asked:
                each.due, each.is_asked = due, True
                task = asyncio.create_task(self._ask(each, due))
                self._running.add(task)
                task.add_done_callback(self._running.discard)
        if self._running:
            await asyncio.wait(self._running, timeout=seconds)

    async def _ask(self, watched: Watched, due: int) -> None:
        try:
            async with self._seats:
                seen = await ask(watched.address, timeout_seconds=self._answer_seconds)
        except NoAnswer:
            watched.is_strange = True
        else:
            chunk = watched.take(seen, due)
            self._changed[chunk.instance_id, chunk.start] = chunk
        finally:
            watched.is_asked = False


def _open_chunks(instance_ids: Iterable[UUID], now: int) -> dict[UUID, Stretch]:
    """Find what another controller began; points that would be lost otherwise."""
    start = RAW.start_of(now)
    found = store.read(instance_ids, RAW, since=start, until=start + RAW.span)
    return {instance_id: several[-1] for instance_id, several in found.items()}


@retried_when_locked
def _write(changed: list[Stretch], fence: int) -> None:
    store.write(changed, fence=fence)
