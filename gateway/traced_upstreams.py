"""A span for each exchange with a server, by the command's name and never with its arguments."""

from collections.abc import Callable

from gateway.counting import name_of
from gateway.exchange import Outcome
from gateway.principals import Principal, Target
from gateway.upstream import Upstreams
from observability import tracing
from observability.tracing import Attributes, Kind, Span
from redisgate.lib.errors import RedisGateError

HEAD_BYTES = 100
"""Where the name of a packed command is, if it is one that is counted by name."""


class TracedUpstreams(Upstreams):
    """Connections that tell what requests asked of them, where they are traced."""

    def submit(
        self,
        target: Target,
        principal: Principal,
        payload: bytes,
        expected: int,
        on_done: Callable[[Outcome], None],
        *,
        is_transaction: bool = False,
        is_raw: bool = False,
    ) -> None:
        name = _name(payload, expected, is_transaction=is_transaction)
        span = tracing.begin(name, Kind.CLIENT, _about(name, expected, principal, target))
        if span is not None:
            on_done = _ending(span, on_done)
        super().submit(
            target,
            principal,
            payload,
            expected,
            on_done,
            is_transaction=is_transaction,
            is_raw=is_raw,
        )


def _name(payload: bytes, expected: int, *, is_transaction: bool) -> str:
    if is_transaction:
        return "MULTI"
    return "PIPELINE" if expected > 1 else name_of(payload[:HEAD_BYTES].split(b"\r\n", 3)[2])


def _about(name: str, expected: int, principal: Principal, target: Target) -> Attributes:
    about: dict[str, str | int] = {
        "db.system.name": "redis",
        "db.operation.name": name,
        "redisgate.instance": str(target.instance_id),
        "redisgate.key": principal.acl_user,
    }
    if expected > 1:
        about["db.operation.batch.size"] = expected
    return about


def _ending(span: Span, on_done: Callable[[Outcome], None]) -> Callable[[Outcome], None]:
    def done(outcome: Outcome) -> None:
        if isinstance(outcome, RedisGateError):
            span.fail(outcome.code)
        span.end()
        on_done(outcome)

    return done
