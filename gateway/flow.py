"""The way of one call, the same whichever door it came through.

By callbacks, and without a task as long as key and instance are known and fresh: tasks cost
more than everything else here together.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import TYPE_CHECKING

from gateway import core, parsing, rounds, special
from gateway.admission import admit
from gateway.allowance import Allowance
from gateway.call import Call
from gateway.core import Prepared, Response
from gateway.errors import MissingOrInvalidToken
from gateway.exchange import Outcome
from gateway.parsing import Request
from gateway.principals import Principal, Target
from gateway.resp import Reply
from redisgate.lib.errors import RedisGateError

if TYPE_CHECKING:
    from gateway.runtime import Runtime

OnResponse = Callable[[Response], None]

log = logging.getLogger("gateway.flow")

SERVER_ERROR = Response(
    500, b'{"error":"ERR internal error. It is unknown whether the command ran."}'
)


def start(call: Call, runtime: "Runtime", on_response: OnResponse) -> None:
    """Answer the call, a refusal included.

    ``on_response`` is called exactly once, from the loop, and possibly before this returns.
    """
    _Run(call, runtime, on_response).start()


async def respond(call: Call, runtime: "Runtime") -> Response:
    """Do what ``start`` does and wait for the response."""
    future: asyncio.Future[Response] = asyncio.get_running_loop().create_future()

    def settle(response: Response) -> None:
        if not future.done():  # the client may have gone away
            future.set_result(response)

    start(call, runtime, settle)
    return await future


async def execute(
    request: Request, principal: Principal, target: Target, runtime: "Runtime"
) -> Response:
    """Run what was understood and admitted. Raises RedisGateError."""
    prepared = core.prepare(request, runtime.scripts)
    return core.finish(prepared, await _replies(prepared, principal, target, runtime))


async def _replies(
    prepared: Prepared, principal: Principal, target: Target, runtime: "Runtime"
) -> list[Reply]:
    async def ask(payload: bytes, expected: int) -> list[Reply]:
        return await runtime.upstreams.request(
            target,
            principal,
            payload,
            expected,
            is_transaction=prepared.is_transaction,
            is_raw=prepared.request.is_resp2,
        )

    async def vouch(token: str) -> str:
        owner = await runtime.keys.get(token)
        admit(owner, target)
        return owner.acl_user

    if prepared.needs_rounds:
        return await rounds.replies(prepared, ask, vouch)
    return await ask(prepared.payload, prepared.expected) if prepared.expected else []


class _Run:
    """One call on its way."""

    __slots__ = (
        "_allowance",
        "_call",
        "_on_response",
        "_prepared",
        "_principal",
        "_runtime",
        "_target",
    )

    def __init__(self, call: Call, runtime: "Runtime", on_response: OnResponse) -> None:
        self._call = call
        self._runtime = runtime
        self._on_response = on_response
        self._allowance: Allowance | None = None
        self._principal: Principal | None = None
        self._target: Target | None = None

    def start(self) -> None:
        head, runtime = self._call.head, self._runtime
        try:
            principal = self._principal = runtime.keys.peek(head.token())
            if principal is not None:
                self._target = runtime.instances.peek(head.place()[0])
            if principal is None or self._target is None:
                self._take_time(self._look_up())
            else:
                self._go_on(principal, self._target)
        except Exception as error:  # noqa: BLE001  the last hold, logged where it isn't ours
            self._respond(self._worded(error))

    async def _look_up(self) -> None:
        head, runtime = self._call.head, self._runtime
        self._principal = await runtime.keys.get(head.token())
        self._target = await runtime.instances.get(head.place()[0])
        self._go_on(self._principal, self._target)

    def _go_on(self, principal: Principal, target: Target) -> None:
        """Take an instance and a key that may not belong together."""
        call, runtime = self._call, self._runtime
        admit(principal, target)
        call.request = request = _understand(call, runtime)
        self._allowance = runtime.rates.take(principal, len(request.commands) or 1)
        if special.is_special(call):
            self._take_time(self._run_special(principal, target))
            return
        prepared = core.prepare(request, runtime.scripts)
        if prepared.needs_rounds:
            self._take_time(self._run_rounds(prepared, principal, target))
        else:
            self._submit(prepared, principal, target)

    async def _run_special(self, principal: Principal, target: Target) -> None:
        async def plainly() -> Response:
            return await execute(self._call.request, principal, target, self._runtime)

        self._respond(await special.wrapped(self._call, principal, target, plainly)())

    async def _run_rounds(self, prepared: Prepared, principal: Principal, target: Target) -> None:
        replies = await _replies(prepared, principal, target, self._runtime)
        self._respond(core.finish(prepared, replies))

    def _submit(self, prepared: Prepared, principal: Principal, target: Target) -> None:
        self._prepared = prepared
        if not prepared.expected:
            self._settle([])
            return
        self._runtime.upstreams.submit(
            target,
            principal,
            prepared.payload,
            prepared.expected,
            self._settle,
            is_transaction=prepared.is_transaction,
            is_raw=prepared.request.is_resp2,
        )

    def _settle(self, outcome: Outcome) -> None:
        try:
            if isinstance(outcome, RedisGateError):
                raise outcome
            response = core.finish(self._prepared, outcome)
        except Exception as error:  # noqa: BLE001  the last hold, logged where it isn't ours
            self._respond(self._worded(error))
        else:
            self._respond(response)

    def _respond(self, response: Response) -> None:
        """Give the response: every call ends here."""
        if self._allowance is not None:
            response.allowance = self._allowance
        self._on_response(response)

    def _worded(self, error: Exception) -> Response:
        if self._principal is not None and not isinstance(error, MissingOrInvalidToken):
            self._allowance = self._allowance or self._runtime.rates.look(self._principal)
        if isinstance(error, RedisGateError):
            return core.refused(error)
        # A dropped socket or a page in HTML would make clients write again.
        method = self._call.head.method
        log.error("the command API failed on %s", method, exc_info=error)
        return replace(SERVER_ERROR)

    def _take_time(self, work: Coroutine[object, object, None]) -> None:
        self._runtime.spawn(self._patiently(work))

    async def _patiently(self, work: Coroutine[object, object, None]) -> None:
        try:
            await work
        except Exception as error:  # noqa: BLE001  the last hold, logged where it isn't ours
            self._respond(self._worded(error))


def _understand(call: Call, runtime: "Runtime") -> Request:
    head = call.head
    headers = head.headers
    _, rest = head.place()
    request = parsing.parse(head.method, rest, head.query, call.body, runtime.limits)
    request.is_base64 = parsing.wants_base64(headers.get(b"upstash-encoding", b""))
    response_format = headers.get(b"upstash-response-format") or headers.get(
        b"upstash-reponse-format",
        b"",  # as Upstash's documentation spells it too
    )
    request.is_resp2 = parsing.wants_resp2(response_format, request)
    parsing.refuse_unoffered(request.kind, block=headers.get(b"redisgate-block", b""))
    return request
