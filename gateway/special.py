"""Requests that take more than one exchange over a shared connection.

Only the DRF door answers them; the fast lane hands them on to it.
"""

from collections.abc import Awaitable, Callable
from functools import partial

from gateway.call import Call
from gateway.core import Response
from gateway.parsing import Kind
from gateway.principals import Principal, Target

Execute = Callable[[], Awaitable[Response]]
"""Does what comes next and gives its response; raises RedisGateError."""

Special = Callable[[Call, Principal, Target, Execute], Awaitable[Response]]
"""Answers an admitted call whose ``request`` is there, in its own way or around ``Execute``."""

BY_HEADER: dict[bytes, Special] = {}
"""By the name of the header that asks for it, the outermost first."""

BY_KIND: dict[Kind, Special] = {}
"""By what is asked for; no header changes anything of it."""


def is_special(call: Call) -> bool:
    return call.request.kind in BY_KIND or not BY_HEADER.keys().isdisjoint(call.head.headers)


def wrapped(call: Call, principal: Principal, target: Target, execute: Execute) -> Execute:
    """Put everything the call asks for around ``execute``."""
    by_kind = BY_KIND.get(call.request.kind)
    if by_kind is not None:
        return partial(by_kind, call, principal, target, execute)
    for name, run in reversed(BY_HEADER.items()):
        if name in call.head.headers:
            execute = partial(run, call, principal, target, execute)
    return execute
