"""One write to a server and the replies that belong to it."""

import asyncio
from collections.abc import Callable

from gateway.principals import Principal
from gateway.resp import Reply
from redisgate.lib.errors import RedisGateError

Outcome = list[Reply] | RedisGateError


class HeavyReplies(list[Reply]):
    """Replies so large that making an answer of them would hold up everybody else."""


class Exchange:
    """Commands that are packed already, and whoever waits for their replies.

    ``owner`` is whose commands they are; a log-in and a health check are nobody's.
    """

    __slots__ = (
        "deadline",
        "is_transaction",
        "missing",
        "on_done",
        "owner",
        "payload",
        "replies",
        "size",
    )

    def __init__(
        self,
        payload: bytes,
        expected: int,
        on_done: Callable[[Outcome], None],
        deadline: float,
        owner: Principal | None = None,
        is_transaction: bool = False,
    ) -> None:
        self.payload = payload
        self.size = len(payload)
        self.missing = expected
        self.on_done: Callable[[Outcome], None] | None = on_done
        self.deadline = deadline
        self.owner = owner
        self.is_transaction = is_transaction
        self.replies: list[Reply] = []

    def settle(self, outcome: Outcome) -> None:
        """Tell the one who waits, once; later outcomes are dropped."""
        on_done, self.on_done = self.on_done, None
        if on_done is not None:
            on_done(outcome)

    def give_up(self, refusal: RedisGateError) -> None:
        """Settle with a refusal and let go of the replies, but keep the place in the queue."""
        self.settle(refusal)
        self.replies.clear()


def settler(future: "asyncio.Future[list[Reply]]") -> Callable[[Outcome], None]:
    """Make the callback that brings an outcome into a future, if anybody still waits."""

    def settle(outcome: Outcome) -> None:
        if future.done():
            return
        if isinstance(outcome, RedisGateError):
            future.set_exception(outcome)
        else:
            future.set_result(outcome)

    return settle
