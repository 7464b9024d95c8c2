"""What pages ask of servers without being told to by a person, so that figures can leave it out.

Rooms above say where it is written down: the sampler runs in another process than pages.
"""

from collections.abc import Callable
from contextlib import suppress
from uuid import UUID

from instances.provisioners.own_traffic import Cost
from redisgate.lib.errors import Unavailable

Teller = Callable[[UUID, Cost], None]

_tellers: list[Teller] = []


def register(teller: Teller) -> None:
    _tellers.append(teller)


def tell(instance_id: UUID, cost: Cost) -> None:
    """Say what a server was asked; nobody's answer is withheld because that can't be noted."""
    for teller in _tellers:
        with suppress(Unavailable):
            teller(instance_id, cost)
