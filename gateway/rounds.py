"""Commands that one exchange with the server can't answer.

``SCAN … WITHTYPE`` asks for the keys first and for their types then; ``ACL RESTTOKEN`` asks us
and not the server. All other commands of the request are sent once, in order, as ever.
"""

from collections.abc import Awaitable, Callable

from gateway import raw
from gateway.core import Prepared
from gateway.errors import MissingOrInvalidToken, OrganizationSuspended, UnknownInstance
from gateway.parsing import TOKEN_BYTES_MAX, Kind
from gateway.resp import Command, ErrorReply, Reply
from redisgate.lib.errors import RedisGateError
from redisgate.lib.resp import pack

TYPES_AT_ONCE = 1000

Ask = Callable[[bytes, int], Awaitable[list[Reply]]]
"""Sends packed commands and gives that many replies; raises RedisGateError."""

Vouch = Callable[[str], Awaitable[str]]
"""Gives the ACL user whose token this is on the instance in question; raises RedisGateError."""


async def replies(prepared: Prepared, ask: Ask, vouch: Vouch) -> list[Reply]:
    """Give the replies that belong to the prepared request. Raises RedisGateError."""
    translation = prepared.translation
    assert translation is not None
    for place, (user, password) in translation.token_questions.items():
        prepared.answers[place] = await rest_token(user, password, vouch)
    found = await ask(prepared.payload, prepared.expected) if prepared.expected else []
    for place in translation.typed_scans:
        index = prepared.index_on_wire(place)
        found[index] = await _typed(found[index], ask, prepared.request.kind)
    return found


async def rest_token(user: bytes, password: bytes, vouch: Vouch) -> Reply:
    """Answer the bearer token of an ACL user: an API key is its own user's password."""
    name = user.decode("utf-8", "replace")
    if user == b"default":
        return ErrorReply(
            'ERR User "default" has no REST token: its password is for native connections. '
            "Create an API key and use that over HTTP"
        )
    refusal = ErrorReply(f'ERR Wrong password or user "{name}" does not exist')
    if not 0 < len(password) <= TOKEN_BYTES_MAX or not password.isascii():
        return refusal
    try:
        owner = await vouch(password.decode("ascii"))
    except (MissingOrInvalidToken, OrganizationSuspended, UnknownInstance):
        return refusal
    return password if owner == name else refusal


async def _typed(scanned: Reply, ask: Ask, kind: Kind) -> Reply:
    try:
        return await with_types(raw.parsed(scanned), ask)
    except RedisGateError as error:
        if kind is Kind.SINGLE:
            raise
        # The rest of the pipeline has run and is answered.
        return ErrorReply(error.message)


async def with_types(scanned: Reply, ask: Ask) -> Reply:
    """Make ``[cursor, [key, type, key, type, …]]`` of the reply of SCAN.

    A key that is gone by now has the type ``none``. Where the user may not ask, the refusal is
    the answer.
    """
    if not isinstance(scanned, list) or len(scanned) != 2 or not isinstance(scanned[1], list):
        return scanned
    keys = [key for key in scanned[1] if isinstance(key, bytes)]
    typed: list[Reply] = []
    for start in range(0, len(keys), TYPES_AT_ONCE):
        some = keys[start : start + TYPES_AT_ONCE]
        questions: list[Command] = [[b"TYPE", key] for key in some]
        for key, answer in zip(some, await ask(pack(questions), len(some)), strict=True):
            if isinstance(answer, ErrorReply):
                return answer
            typed += (key, raw.parsed(answer))
    return [scanned[0], typed]
