"""What listening for the first connection costs the server that is listened to."""

from collections.abc import Iterator
from contextlib import contextmanager

from instances.provisioners import own_traffic
from instances.provisioners.own_traffic import Cost


class Bill:
    """Costs as they come, each known to this process at once; taken now and then for others."""

    def __init__(self, address: str) -> None:
        self._tally = own_traffic.with_server(address)
        self._unpaid = Cost()

    @contextmanager
    def of(self, command: tuple[str, ...], payload: bytes) -> Iterator[None]:
        """Note one question; the bytes of its answer are heard."""
        cost = Cost(bytes_in=len(payload))
        cost.sent(command)
        self._tally.begin()
        try:
            yield
        finally:
            self._tally.end(cost)
            self._unpaid.add(cost)

    def heard(self, size: int) -> None:
        """Note bytes that came: an answer, or a line of MONITOR."""
        cost = Cost(bytes_out=size)
        self._tally.learn(cost)
        self._unpaid.add(cost)

    def take(self) -> Cost:
        """Give what has come up since the last time."""
        unpaid, self._unpaid = self._unpaid, Cost()
        return unpaid
