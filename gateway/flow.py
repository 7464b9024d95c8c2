"""The way of one call, the same whichever door it came through.

By callbacks, and without a task as long as key and instance are known and fresh: tasks cost
more than everything else here together.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from time import monotonic
from typing import TYPE_CHECKING, TypeVar

from gateway import core, rounds, special
from gateway.about import about
from gateway.admission import admit, admit_from
from gateway.allowance import Allowance
from gateway.call import Admitted, Call, Head
from gateway.core import Prepared, Response
from gateway.errors import (
    CommandRefused,
    InstanceNotRunning,
    InstanceUnreachable,
    MissingOrInvalidToken,
    OrganizationSuspended,
    UnknownInstance,
)
from gateway.exchange import HeavyReplies, Outcome
from gateway.headers import fresh_id, name_asked_for
from gateway.parsing import Request
from gateway.principals import Principal, Target
from gateway.resp import Reply
from redisgate.lib.errors import RedisGateError

if TYPE_CHECKING:
    from gateway.runtime import Runtime

Asked = TypeVar("Asked", Prepared, Request)
OnResponse = Callable[["Run", Response], None]

log = logging.getLogger("redisgate.gateway")

_heavy_work = ThreadPoolExecutor(max_workers=1, thread_name_prefix="gateway-heavy")

AWAY = (InstanceNotRunning, InstanceUnreachable, UnknownInstance)
"""What may be so because the key has ended together with the instance."""
DOUBT_SECONDS = 0.1
"""How old the answer about a key may be that explains why its instance is away."""

SERVER_ERROR = Response(
    500,
    b'{"error":"ERR internal error. It is unknown whether the command ran."}',
    code="internal_error",
)


async def respond(call: Call, runtime: "Runtime") -> Response:
    """Run a call and wait for its response."""
    future: asyncio.Future[Response] = asyncio.get_running_loop().create_future()

    def settle(_run: Run, response: Response) -> None:
        if not future.done():
            future.set_result(response)
        elif response.stream is not None:  # the client has gone away
            response.stream.close()

    run = Run(call.head, call.body, call.client, runtime, settle)
    run.on_gone = _go_on
    run.start()
    try:
        return await future
    except asyncio.CancelledError:
        call_off, run.on_gone = run.on_gone, None
        if call_off is not None:
            call_off()
        raise


def _go_on() -> None:
    """Let a command run to its end, though nobody waits for it any more."""


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


class Run(Call):
    """A call on its way. A refusal is a response too.

    ``on_response`` is called exactly once, from the loop, and possibly before ``start`` returns.
    """

    __slots__ = (
        "_allowance",
        "_began_at",
        "_on_response",
        "_prepared",
        "_principal",
        "_runtime",
        "_target",
        "response",
    )

    def __init__(
        self,
        head: Head,
        body: bytes,
        client: str,
        runtime: "Runtime",
        on_response: OnResponse,
    ) -> None:
        self.head = head
        self.body = body
        self.client = client
        self._runtime = runtime
        self._on_response = on_response
        self._allowance: Allowance | None = None
        self._began_at = monotonic()
        self._principal: Principal | None = None
        self._target: Target | None = None
        self.response: Response | None = None
        """For the door, where the response must wait for those of earlier calls."""

    def start(self) -> None:
        admitted = self.head.admitted
        try:
            if admitted is None or self._began_at > admitted.fresh_until:
                self._find()
            else:
                self._go_on(admitted)
        except Exception as error:  # noqa: BLE001  the last hold, logged where it isn't ours
            self._fail(error)

    def _find(self) -> None:
        """Find key and instance among what is known, or go and look them up."""
        head, runtime = self.head, self._runtime
        admitted = runtime.admissions.get(head.credentials())
        if admitted is not None and monotonic() <= admitted.fresh_until:
            head.admitted = admitted
            self._go_on(admitted)
            return
        principal = self._principal = runtime.keys.peek(head.token())
        if principal is not None:
            self._target = runtime.instances.peek(head.instance_id())
        if principal is None or self._target is None:
            self._take_time(self._look_up())
        else:
            self._admit(principal, self._target)

    async def _look_up(self) -> None:
        head, runtime = self.head, self._runtime
        principal = self._principal = await runtime.keys.get(head.token())
        target = self._target = await runtime.instances.get(head.instance_id())
        self._admit(principal, target)

    def _admit(self, principal: Principal, target: Target) -> None:
        """Take an instance and a key that may not belong together."""
        admit(principal, target)
        if principal.networks:
            # Not remembered: an equal head may come from elsewhere.
            admit_from(principal, self.client)
            self._go_on(Admitted(principal, target, fresh_until=self._began_at))
            return
        admitted = self._runtime.remember(self.head, principal, target)
        self._go_on(admitted)

    def _go_on(self, admitted: Admitted) -> None:
        head, runtime = self.head, self._runtime
        principal = self._principal = admitted.principal
        target = self._target = admitted.target
        form = head.known_form or head.form()
        self.request = request = form.read(self.body, runtime.limits)
        self._allowance = runtime.rates.take(principal, request.size)
        if target.endpoint.is_checked_here:
            self._take_time(self._run_checked(principal, target))
            return
        if head.may_be_special and special.is_special(self):
            self._take_time(self._run_special(principal, target))
            return
        payload = core.plain(request)
        if payload is not None:
            runtime.upstreams.submit(target, principal, payload, request.size, self._settle_plain)
            if admitted.lane is None:
                runtime.shorten(admitted)
            return
        prepared = core.prepare(request, runtime.scripts)
        if prepared.needs_rounds:
            self._take_time(self._run_rounds(prepared, principal, target))
        else:
            self._submit(prepared, principal, target)

    def go_on_from(
        self,
        admitted: Admitted,
        request: Request,
        allowance: Allowance,
        began_at: float,
        outcome: Outcome,
    ) -> None:
        """Finish a plain call that somebody else has brought this far."""
        self._principal, self._target = admitted.principal, admitted.target
        self.request = request
        self._allowance = allowance
        self._began_at = began_at
        self._settle_plain(outcome)

    async def _run_checked(self, principal: Principal, target: Target) -> None:
        """Check what the server itself won't: it knows one user for all keys."""
        await self._runtime.warden.check(principal, target, self.request)
        if self.request.refused and self.head.may_be_special and special.is_special(self):
            raise CommandRefused(next(iter(self.request.refused.values())))
        await self._run_special(principal, target)

    async def _run_special(self, principal: Principal, target: Target) -> None:
        async def plainly() -> Response:
            return await execute(self.request, principal, target, self._runtime)

        self._respond(await special.wrapped(self, principal, target, plainly)())

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
        self._end(core.finish, self._prepared, outcome)

    def _settle_plain(self, outcome: Outcome) -> None:
        self._end(core.finish_plain, self.request, outcome)

    def _end(
        self, finish: Callable[[Asked, list[Reply]], Response], asked: Asked, outcome: Outcome
    ) -> None:
        if type(outcome) is HeavyReplies:
            self._take_time(self._end_apart(finish, asked, outcome))
            return
        try:
            if isinstance(outcome, RedisGateError):
                raise outcome
            response = finish(asked, outcome)
        except Exception as error:  # noqa: BLE001  the last hold, logged where it isn't ours
            self._fail(error)
        else:
            self._respond(response)

    async def _end_apart(
        self, finish: Callable[[Asked, list[Reply]], Response], asked: Asked, replies: list[Reply]
    ) -> None:
        """Make the answer on a thread, one at a time, so that others go on meanwhile."""
        loop = asyncio.get_running_loop()
        self._respond(await loop.run_in_executor(_heavy_work, finish, asked, replies))

    def _respond(self, response: Response) -> None:
        """Give the response: every call ends here."""
        response.allowance = self._allowance
        seconds = monotonic() - self._began_at
        self._runtime.counting.note(self, self._principal, self._target, response, seconds)
        self._on_response(self, response)

    def _fail(self, error: Exception) -> None:
        if self._principal is not None and isinstance(error, AWAY):
            self._runtime.spawn(self._explain(error))
        else:
            self._respond(self._worded(error))

    async def _explain(self, error: RedisGateError) -> None:
        """Refuse for the key's own end, where that is why its instance is away.

        The server of a suspended organization stops sooner than the key is looked up again.
        """
        try:
            await self._runtime.keys.get_within(self.head.token(), DOUBT_SECONDS)
        except (MissingOrInvalidToken, OrganizationSuspended) as ended:
            error = ended
        except RedisGateError:
            pass  # it can't be known now
        self._respond(self._worded(error))

    def _worded(self, error: Exception) -> Response:
        if self._principal is not None and not isinstance(error, MissingOrInvalidToken):
            self._allowance = self._allowance or self._runtime.rates.look(self._principal)
        if isinstance(error, RedisGateError):
            return core.refused(error)
        # A dropped socket or a page in HTML would make clients write again.
        name = name_asked_for(self.head.headers) or fresh_id()
        fields = {"request_id": name, **about(self._principal, self._target)}
        log.error("the command API failed on %s", self.head.method, exc_info=error, extra=fields)
        return replace(SERVER_ERROR, headers={"X-Request-Id": name})

    def _take_time(self, work: Coroutine[object, object, None]) -> None:
        self._runtime.spawn(self._patiently(work))

    async def _patiently(self, work: Coroutine[object, object, None]) -> None:
        try:
            await work
        except Exception as error:  # noqa: BLE001  the last hold, logged where it isn't ours
            self._fail(error)
