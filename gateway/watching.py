"""Optimistic transactions: read with ``X-Watch-Keys``, write with ``X-If-Unchanged``.

The server digests the watched keys itself, in the transaction that reads, so token and values
are of the same moment. The write watches the keys first, digests them again, and only then
begins its transaction: whatever changes them afterwards, the server discards it.
"""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from gateway import core, runtime, watch_token
from gateway.call import Call
from gateway.conflicts import NotWatched, WatchedKeyChanged, WatchedKeysTooLarge
from gateway.core import Response
from gateway.encoding import error_text
from gateway.errors import (
    BadRequest,
    BrokenReply,
    CommandTimeout,
    InstanceUnreachable,
    TooBusy,
    TransactionRefused,
    UnknownOutcome,
)
from gateway.leases import Lease
from gateway.parsing import Kind, Request
from gateway.principals import Principal, Target
from gateway.resp import Command, ErrorReply, Reply
from gateway.special import Execute
from gateway.watch_token import Watch
from redisgate.lib.errors import InvalidInput
from redisgate.lib.resp import pack
from redisgate.lib.units import MEGABYTE

WATCH_HEADER = b"x-watch-keys"
UNCHANGED_HEADER = b"x-if-unchanged"
WATCHED_BYTES_MAX = 4 * MEGABYTE
AT_ONCE_MAX = 64
"""How many conditional writes of one API key may hold connections of a worker."""
TOO_LARGE = "TOOLARGE"
# MEMORY USAGE comes first: it costs nothing, while DUMP copies the whole value.
DIGEST_SCRIPT = f"""
local left, parts = tonumber(ARGV[1]), {{}}
for place, key in ipairs(KEYS) do
  left = left - (redis.call('MEMORY', 'USAGE', key) or 0)
  if left < 0 then return redis.error_reply('{TOO_LARGE} watched keys') end
  local value = redis.call('DUMP', key)
  parts[place] = '-'
  if value then
    local expiry = redis.call('PEXPIRETIME', key)
    parts[place] = redis.sha1hex(value) .. string.format('%.0f', expiry)
  end
end
return redis.sha1hex(table.concat(parts, ','))
""".encode()

_writing: Counter[str] = Counter()


async def read(call: Call, principal: Principal, target: Target, _execute: Execute) -> Response:
    """Run the call as one transaction and add a token for what the keys hold after it.

    Raises RedisGateError.
    """
    _refuse_odd(call)
    keys = watch_token.read_keys(call.head.headers[WATCH_HEADER])
    shared = runtime.current()
    commands = [*call.request.commands, _digest_command(keys)]
    prepared = core.prepare(Request(Kind.TRANSACTION, commands), shared.scripts)
    replies = await shared.upstreams.request(
        target, principal, prepared.payload, prepared.expected, is_transaction=True
    )
    *results, digest = _results(replies)
    if not isinstance(digest, bytes):
        # Returned, not raised: the commands have run.
        return core.refused(_no_digest(digest, "The commands have run"))
    asked = call.request
    in_its_form: list[Reply] = [results] if asked.kind is Kind.TRANSACTION else results
    response = core.finish(replace(prepared, request=asked), in_its_form)
    token = watch_token.sign(Watch(keys, bytes.fromhex(digest.decode())), target.instance_id)
    return replace(response, headers={**(response.headers or {}), "X-Watch": token})


async def write(call: Call, principal: Principal, target: Target, _execute: Execute) -> Response:
    """Run the transaction if the watched keys are as they were read. Raises RedisGateError."""
    if call.request.kind is not Kind.TRANSACTION:
        raise BadRequest("X-If-Unchanged goes with /multi-exec. Send the commands there")
    watch = watch_token.read(call.head.headers[UNCHANGED_HEADER], target.instance_id)
    shared = runtime.current()
    prepared = core.prepare(call.request, shared.scripts)
    seconds = shared.limits.command_seconds
    with _turn(principal.acl_user):
        lease = await shared.leases.take(principal, target)
        try:
            await _watch(lease, watch, seconds)
            replies = await _ask(lease, prepared.payload, prepared.expected, seconds)
        finally:
            lease.close()
    if replies[-1] is None:
        raise WatchedKeyChanged
    return core.finish(prepared, replies)


def _refuse_odd(call: Call) -> None:
    if UNCHANGED_HEADER in call.head.headers:
        raise BadRequest("X-Watch-Keys can't go with X-If-Unchanged: read again after the write")
    if call.request.is_resp2:
        raise BadRequest("X-Watch-Keys can't go with the format resp2. Ask for JSON")


def _digest_command(keys: tuple[bytes, ...]) -> Command:
    return [b"EVAL_RO", DIGEST_SCRIPT, b"%d" % len(keys), *keys, b"%d" % WATCHED_BYTES_MAX]


def _results(replies: list[Reply]) -> list[Reply]:
    """Give what EXEC gave, or the first refusal on the way to it in the server's own words."""
    for reply in replies:
        if isinstance(reply, ErrorReply):
            raise TransactionRefused(error_text(reply))
    results = replies[-1]
    assert isinstance(results, list)
    return results


def _no_digest(reply: Reply, so_far: str) -> InvalidInput:
    """Say why the server gave no digest."""
    if isinstance(reply, ErrorReply) and not reply.text.startswith(TOO_LARGE):
        return NotWatched(error_text(reply))
    return WatchedKeysTooLarge(WATCHED_BYTES_MAX, so_far)


async def _watch(lease: Lease, watch: Watch, seconds: float) -> None:
    """Watch the keys, and see that they are what they were."""
    payload = pack([[b"WATCH", *watch.keys], _digest_command(watch.keys)])
    try:
        watching, digest = await _ask(lease, payload, 2, seconds)
    except (UnknownOutcome, BrokenReply) as error:
        # Not a byte of the transaction itself was sent.
        raise InstanceUnreachable(log=f"while watching: {error.log}") from error
    if isinstance(watching, ErrorReply):
        raise NotWatched(error_text(watching))
    if not isinstance(digest, bytes):
        raise _no_digest(digest, "Nothing of the transaction was sent")
    if digest != watch.digest.hex().encode():
        raise WatchedKeyChanged


async def _ask(lease: Lease, payload: bytes, expected: int, seconds: float) -> list[Reply]:
    """Send commands and give that many replies. Raises UnknownOutcome."""
    try:
        async with asyncio.timeout(seconds):
            return await lease.ask(payload, expected)
    except TimeoutError:
        raise CommandTimeout(seconds) from None


@contextmanager
def _turn(acl_user: str) -> Iterator[None]:
    """Bound the connections that one API key takes."""
    if _writing[acl_user] >= AT_ONCE_MAX:
        raise TooBusy
    _writing[acl_user] += 1
    try:
        yield
    finally:
        _writing[acl_user] -= 1
        if not _writing[acl_user]:
            del _writing[acl_user]
