"""``Idempotency-Key`` in the management API: a request that is sent again doesn't run again."""

import base64
import hashlib
import json
import logging
import re
import secrets
import time
from collections.abc import Callable
from datetime import timedelta

from cryptography.fernet import Fernet
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError
from django.http import Http404
from django.utils import timezone
from rest_framework.exceptions import APIException
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from redisgate.lib.callers import caller_of
from redisgate.lib.errors import RedisGateError
from redisgate.lib.repeating import HEADER
from redisgate.lib.write_lock import retried_when_locked
from repeats import ledger
from repeats.models import RememberedRequest, State
from repeats.refusals import AnswerNotKept, BadName, NameTaken, OutcomeUnknown, StillRunning

VALUE = re.compile(r"[\x21-\x7e]{1,255}")
REPLAYED = {"Idempotency-Replayed": "true"}
KEPT_HEADERS = ("Location", "Operation-Location")
REPLY_BYTES_MAX = 256 * 1024
PATIENCE = timedelta(minutes=2)
"""After this a living worker has answered for certain."""
PRUNED_SECONDS = 60.0
REFUSALS = (RedisGateError, APIException, Http404, PermissionDenied)
"""Mutations are all or nothing, so after these nothing was done and the name is free again."""

log = logging.getLogger("redisgate.repeats")


def once(request: Request, work: Callable[[], Response]) -> Response:
    """Answer as the first request of this name was answered, or do the work."""
    value = request.headers[HEADER]
    if not VALUE.fullmatch(value):
        raise BadName
    wish = _wish(request, value)
    _prune()
    earlier = retried_when_locked(ledger.begin)(wish)
    if earlier is not None:
        return _replay(earlier, wish.fingerprint, value)
    try:
        response = work()
    except REFUSALS:
        _write_down(ledger.forget, wish)
        raise
    _take_answer(wish, response, value)
    _write_down(ledger.note_answer, wish)
    return response


def _wish(request: Request, value: str) -> RememberedRequest:
    caller, now = caller_of(request), timezone.now()
    return RememberedRequest(
        name=_digest(b"management", caller.encode(), value.encode()),
        caller=caller,
        fingerprint=_digest(request.get_full_path().encode(), request._request.body),
        owner=secrets.token_hex(16),
        deadline_at=now + PATIENCE,
        expires_at=now + ledger.KEPT,
    )


def _replay(earlier: RememberedRequest, fingerprint: str, value: str) -> Response:
    if earlier.fingerprint != fingerprint:
        raise NameTaken
    if earlier.state == State.NOT_KEPT:
        raise AnswerNotKept
    if earlier.state == State.RUNNING:
        raise StillRunning if timezone.now() < earlier.deadline_at else OutcomeUnknown
    kept = json.loads(_box(value, earlier.caller).decrypt(earlier.reply))
    return Response(kept["body"], status=kept["status"], headers={**kept["headers"], **REPLAYED})


def _take_answer(wish: RememberedRequest, response: Response, value: str) -> None:
    headers = {name: response[name] for name in KEPT_HEADERS if name in response}
    kept = {"status": response.status_code, "headers": headers, "body": response.data}
    text: bytes = JSONRenderer().render(kept)
    wish.state = State.ANSWERED if len(text) <= REPLY_BYTES_MAX else State.NOT_KEPT
    if wish.state == State.ANSWERED:
        wish.reply = _box(value, wish.caller).encrypt(text).decode()
        wish.reply_bytes = len(wish.reply)


def _box(value: str, caller: str) -> Fernet:
    """Seal an answer with the very Idempotency-Key, which isn't stored.

    It may hold a secret that is shown once. Whoever has the database and the platform's keys
    still can't read it; who sends the request again can.
    """
    key = hashlib.sha256(f"answer\0{caller}\0{value}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))


def _write_down(write: Callable[[RememberedRequest], None], wish: RememberedRequest) -> None:
    """Write what became of it. Without that it counts as unknown later, which is safe."""
    try:
        retried_when_locked(write)(wish)
    except (DatabaseError, RedisGateError) as error:
        log.warning("what became of %s was not written down: %r", wish, error)


def _digest(*parts: bytes) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.hexdigest()


class _Pruning:
    """When this process last deleted what is a day old."""

    at = 0.0


def _prune() -> None:
    if time.monotonic() - _Pruning.at > PRUNED_SECONDS and ledger.prune():
        _Pruning.at = time.monotonic()
