"""``Idempotency-Key``: a request that is sent again doesn't run again.

The first reply is remembered for a day and replayed. Where nobody knows the outcome, because
the worker died in between, that is what is said: at most once is the whole point.
"""

import hashlib
import json
import re
import secrets
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone

from gateway import blocking, core, parsing, runtime, watching
from gateway.call import Call
from gateway.conflicts import FirstOutcomeUnknown, KeyInUse, KeyReused, ReplyNotKept
from gateway.core import Response
from gateway.errors import (
    BadRequest,
    ClientGone,
    MissingOrInvalidToken,
    OrganizationSuspended,
    RateLimited,
    TooManyWaiting,
)
from gateway.limits import Limits
from gateway.principals import Principal, Target
from gateway.special import Execute
from redisgate.lib.errors import Conflict, InvalidInput, NotFound, RedisGateError, Unavailable
from repeats.ledger import KEPT
from repeats.models import RememberedRequest, State

HEADER = b"idempotency-key"
REPLAYED = {"Idempotency-Replayed": "true"}
VALUE = re.compile(rb"[\x21-\x7e]{1,255}")
# Headers that make another request of the same bytes.
TELLING_HEADERS = (
    b"upstash-encoding",
    b"upstash-response-format",
    b"upstash-reponse-format",
    blocking.HEADER,
    watching.WATCH_HEADER,
    watching.UNCHANGED_HEADER,
)
REPLY_BYTES_MAX = 64 * 1024
"""A larger reply isn't kept."""
GRACE_SECONDS = 5.0
# A closed list, not a range of statuses: there are replies to commands that did run among 400s.
NOTHING_HAS_RUN = (
    InvalidInput,
    NotFound,
    Conflict,
    Unavailable,
    MissingOrInvalidToken,
    OrganizationSuspended,
    RateLimited,
    TooManyWaiting,
)


async def run(call: Call, principal: Principal, target: Target, execute: Execute) -> Response:
    """Run the call unless a request of this name did before. Raises RedisGateError."""
    wish = _wish(call, principal, target.instance_id, runtime.current().limits)
    ledger = runtime.current().ledger
    earlier = await ledger.begin(wish)
    if earlier is not None:
        return replay(earlier, wish.fingerprint, timezone.now())
    try:
        response = await execute()
    except RedisGateError as error:
        if was_not_sent(error):
            await ledger.forget(wish)
            raise
        # A wait whose client went away may have ended with an element.
        is_open = isinstance(error, ClientGone)
        response = core.refused(FirstOutcomeUnknown() if is_open else error)
    _take_answer(wish, response)
    await ledger.note_answer(wish)
    return response


def replay(earlier: RememberedRequest, fingerprint: str, now: datetime) -> Response:
    """Answer for the second time. Raises KeyReused and KeyInUse."""
    if earlier.fingerprint != fingerprint:
        raise KeyReused
    if earlier.state == State.RUNNING:
        if now < earlier.deadline_at:
            raise KeyInUse
        return replace(core.refused(FirstOutcomeUnknown()), headers=REPLAYED)
    first = _read(earlier.reply)
    if earlier.state == State.NOT_KEPT:
        first = core.refused(ReplyNotKept(first.status, REPLY_BYTES_MAX))
    return replace(first, headers={**(first.headers or {}), **REPLAYED})


def was_not_sent(error: RedisGateError) -> bool:
    """Tell a refusal after which nothing has run; any that isn't known here may leave that open."""
    return isinstance(error, NOTHING_HAS_RUN)


def fingerprint_of(call: Call) -> str:
    """Digest what makes the answer; the API key may be sent in another way the next time."""
    head = call.head
    parts = [head.method.encode(), head.rest(), call.body]
    parts += (head.headers.get(name, b"") for name in TELLING_HEADERS)
    return _digest([*parts, *parsing.query_arguments(head.query)])


def _wish(call: Call, principal: Principal, instance_id: UUID, limits: Limits) -> RememberedRequest:
    value = call.head.headers[HEADER]
    if not VALUE.fullmatch(value):
        raise BadRequest("an Idempotency-Key has 1 to 255 visible ASCII characters, like a UUID")
    now = timezone.now()
    return RememberedRequest(
        name=_digest([principal.acl_user.encode(), instance_id.bytes, value]),
        caller=principal.acl_user,
        fingerprint=fingerprint_of(call),
        owner=secrets.token_hex(16),
        deadline_at=now + timedelta(seconds=_seconds_at_most(call, limits)),
        expires_at=now + KEPT,
    )


def _seconds_at_most(call: Call, limits: Limits) -> float:
    """Say after how long a living worker has answered for certain."""
    block = call.head.headers.get(blocking.HEADER, b"")
    is_number = blocking.MILLISECONDS.fullmatch(block) is not None
    blocked_seconds = int(block) / 1000 if is_number else 0.0
    waiting = limits.connect_patience_seconds + limits.connect_seconds + limits.command_seconds
    return waiting + min(blocked_seconds, limits.block_seconds) + GRACE_SECONDS


def _take_answer(request: RememberedRequest, response: Response) -> None:
    request.state = State.ANSWERED
    if len(response.body) > REPLY_BYTES_MAX:
        request.state = State.NOT_KEPT
        response = Response(response.status, b"")
    request.reply = _written(response)
    request.reply_bytes = len(request.reply)


def _written(response: Response) -> str:
    kept = {
        "status": int(response.status),
        "headers": dict(response.headers or {}),
        "content_type": response.content_type,
        "body": response.body.decode("latin-1"),  # of any bytes, and back
    }
    return json.dumps(kept)


def _read(text: str) -> Response:
    kept = json.loads(text)
    return Response(
        kept["status"],
        kept["body"].encode("latin-1"),
        content_type=kept["content_type"],
        headers=kept["headers"],
    )


def _digest(parts: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.hexdigest()
