"""The few figures that an instance's page shows at a glance. Rooms above say what they are.

A source answers for many instances at once, because it is asked every second for all open pages.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure in words, such as ``Memory``, ``12 MB``, ``of 64 MB``."""

    label: str
    value: str
    note: str = ""
    percent: int | None = None
    """How much of a limit that is, where there is one: drawn as a bar."""

    @property
    def level(self) -> str:
        """Say how worrying the share is, in the words of the quota bars."""
        if self.percent is None or self.percent < 80:
            return "ok"
        return "warning" if self.percent < 95 else "danger"


Glance = tuple[Figure, ...]
"""The figures of one instance in their order; empty where there are none yet."""

Source = Callable[[Collection[UUID]], Mapping[UUID, Glance]]

_sources: list[Source] = []


def register(source: Source) -> None:
    _sources.append(source)


def are_known() -> bool:
    """Say whether anybody tells figures at all."""
    return bool(_sources)


def glances_of(instance_ids: Collection[UUID]) -> dict[UUID, Glance]:
    """Ask every source; an instance of which none knows anything is left out."""
    if not instance_ids:
        return {}
    found: dict[UUID, Glance] = {}
    for source in _sources:
        for instance_id, glance in source(instance_ids).items():
            found[instance_id] = (*found.get(instance_id, ()), *glance)
    return found
