"""Who used an instance before anybody looked: rooms above know more than the server's own lists.

They register when Django starts.
"""

from collections.abc import Callable

from instances.connections import Connections, Event
from instances.models import Instance

Source = Callable[[Instance], Event | None]

_sources: list[Source] = []


def register(source: Source) -> None:
    _sources.append(source)


def of(instance: Instance) -> Connections | None:
    """Give the first use that somebody knows of, or None."""
    told = (source(instance) for source in _sources)
    first = next((each for each in told if each is not None), None)
    return None if first is None else Connections((first,))
