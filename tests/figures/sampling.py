"""A sampler whose clock the test holds, looking at real servers."""

from uuid import UUID

from figures.addresses import addresses_of, running
from figures.levels import RAW
from figures.models import Chunk
from figures.points import Point
from figures.sampler import Sampler
from figures.store import stretch_of
from instances.models import Instance

NOON = 1_800_000_000 - 1_800_000_000 % 86400


class Clock:
    """Stands still until it is told to go on."""

    def __init__(self, at: float = NOON) -> None:
        self.at = at

    def __call__(self) -> float:
        return self.at


class Watch:
    """A sampler, ten seconds a step."""

    def __init__(self, fence: int = 1, at: float = NOON, answer_seconds: float = 3.0) -> None:
        self.clock = Clock(at)
        self.sampler = Sampler(fence, clock=self.clock, answer_seconds=answer_seconds)

    def step(self, *, turn_seconds: float = 5.0) -> None:
        """Look at every running server, ten seconds after the last time."""
        self.clock.at += RAW.step
        self.sampler.watch(running(), addresses_of)
        self.sampler.turn(turn_seconds)
        self.sampler.write()

    def go_on(self) -> None:
        """Let those go on that haven't answered yet."""
        self.sampler.turn(0.05)
        self.sampler.write()

    def close(self) -> None:
        self.sampler.close()


def samples_of(instance: Instance | UUID) -> list[Point]:
    """Give the raw samples in the order of time."""
    pk = instance if isinstance(instance, UUID) else instance.pk
    chunks = Chunk.objects.filter(instance_id=pk, step=RAW.step).order_by("start")
    return [point for chunk in chunks for _, point in sorted(stretch_of(chunk, RAW).points.items())]
