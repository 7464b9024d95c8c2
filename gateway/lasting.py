"""Requests that last: streams, and commands that wait. Each has a connection of its own."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from gateway import blocking, core, policy, runtime
from gateway.call import Call
from gateway.core import Prepared, Response
from gateway.errors import BadRequest, ClientGone
from gateway.parsing import Kind
from gateway.principals import Principal, Target
from gateway.special import Execute

T = TypeVar("T")


async def stream(call: Call, principal: Principal, target: Target, _execute: Execute) -> Response:
    """Open a stream of server-sent events, or go on with one. Raises RedisGateError."""
    header = call.head.headers.get(b"last-event-id")
    opened = await _while_client_stays(
        call,
        runtime.current().streams.open(
            principal,
            target,
            call.request.commands[0],
            client=call.client,
            last_event_id=(header or b"").decode("utf-8", "replace"),
            # Browsers ask with GET and come back by themselves. The official clients ask with
            # POST and never do: their subscriptions end when they end them.
            can_resume=call.head.method == "GET" or header is not None,
        ),
    )
    call.on_gone = opened.close
    return Response(200, b"", stream=opened)


async def block(call: Call, principal: Principal, target: Target, execute: Execute) -> Response:
    """Run a command that may wait as long as ``Redisgate-Block`` says. Raises RedisGateError."""
    shared, request = runtime.current(), call.request
    most = blocking.milliseconds(call.head.headers[blocking.HEADER], shared.limits)
    if not any(map(policy.may_wait, request.commands)):
        return await execute()
    # A client that pipelines by itself sends even one command as a pipeline.
    if len(request.commands) > 1 or request.kind is Kind.TRANSACTION:
        raise BadRequest("a command that waits must be alone in its request")
    [command] = request.commands
    waiting = shared.waits.run(principal, target, command, most, is_raw=request.is_resp2)
    reply = await _while_client_stays(call, waiting)
    return core.finish(Prepared(request, b"", 1, {}, []), [reply])


async def _while_client_stays(call: Call, work: Coroutine[Any, Any, T]) -> T:
    """Cancel the work when the client goes, and don't begin when it has gone already."""
    if call.on_gone is None:
        work.close()
        raise ClientGone
    task = asyncio.create_task(work)
    call.on_gone = task.cancel
    try:
        return await task
    except asyncio.CancelledError:
        if task.cancelled():
            raise ClientGone from None
        raise
