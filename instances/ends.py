"""Hear of the end of servers at once, instead of by looking often."""

import os
import select
from uuid import UUID


class Ends:
    """Descriptors that become readable when a server ends, one for each instance.

    Itself it is a descriptor that is readable while there is an end to hear of.
    """

    def __init__(self) -> None:
        self._poll = select.epoll()
        self._descriptors: dict[UUID, int] = {}
        self._instances: dict[int, UUID] = {}

    def fileno(self) -> int:
        return self._poll.fileno()

    def __contains__(self, instance_id: UUID) -> bool:
        return instance_id in self._descriptors

    def watch(self, instance_id: UUID, descriptor: int) -> None:
        """Listen to the descriptor from now on; it is ours to close."""
        self.forget(instance_id)
        self._poll.register(descriptor, select.EPOLLIN)
        self._descriptors[instance_id] = descriptor
        self._instances[descriptor] = instance_id

    def forget(self, instance_id: UUID) -> None:
        descriptor = self._descriptors.pop(instance_id, None)
        if descriptor is not None:
            del self._instances[descriptor]
            self._poll.unregister(descriptor)
            os.close(descriptor)

    def forget_all(self) -> None:
        for instance_id in list(self._descriptors):
            self.forget(instance_id)

    def heard(self) -> list[UUID]:
        """Return whose servers have ended since the last call, each once."""
        ended = [self._instances[descriptor] for descriptor, _ in self._poll.poll(0)]
        for instance_id in ended:
            self.forget(instance_id)
        return ended

    def close(self) -> None:
        self.forget_all()
        self._poll.close()
