"""The headers of every answer of the command API. Pure."""

import os
import re
import secrets
from collections.abc import Mapping
from functools import lru_cache
from itertools import count
from math import ceil

from gateway.core import Response
from gateway.parsing import COMMAND_METHODS

REQUEST_ID = re.compile(r"[A-Za-z0-9._:/+=-]{1,128}")
HEADER_NAMES = re.compile(r"[A-Za-z0-9\-, ]{1,1000}")
METHODS = ", ".join((*COMMAND_METHODS, "OPTIONS"))
EXPOSED = (
    "Upstash-Sync-Token, X-Request-Id, Retry-After, RateLimit, RateLimit-Policy, "
    "X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, "
    "Idempotency-Replayed, X-Watch"
)

TELLING = frozenset({b"x-request-id", b"origin"})
"""What of a request makes the headers of its answer other ones than usual."""

# Ids only have to differ, and to be random takes its time.
NUMBERS = count(1)


def response_headers(response: Response, asked: Mapping[bytes, bytes]) -> dict[str, str]:
    """Make the headers of an answer to a request with these, their names in lower case.

    An incoming request id is kept when it is harmless.
    """
    headers = {
        "Content-Type": response.content_type,
        "Content-Length": str(len(response.body)),
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "X-Request-Id": name_asked_for(asked) or fresh_id(),
        "Upstash-Sync-Token": fresh_id(),
    }
    if b"origin" in asked:  # for browsers alone: it is a third of a short answer
        # Any origin may ask: the key is the only credential, and browsers never add it alone.
        headers["Access-Control-Allow-Origin"] = "*"
        headers["Access-Control-Expose-Headers"] = EXPOSED
    if response.allowance is not None:
        headers.update(response.allowance.headers)
    if response.stream is not None:
        del headers["Content-Length"]
        headers["Content-Type"] = "text/event-stream"
        headers["X-Accel-Buffering"] = "no"  # nginx would hold events back
    if response.headers is not None:
        headers.update(response.headers)
    if response.retry_after_seconds is not None:
        headers["Retry-After"] = str(max(1, ceil(response.retry_after_seconds)))
    if response.allow:
        headers["Allow"] = response.allow
    if response.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return headers


def name_asked_for(asked: Mapping[bytes, bytes]) -> str:
    """Give the id that the sender has for the request, where it is harmless; else nothing."""
    request_id = asked.get(b"x-request-id", b"").decode("latin-1")
    return request_id if REQUEST_ID.fullmatch(request_id) else ""


def fresh_id() -> str:
    return f"{id_prefix()}{next(NUMBERS):x}"


def id_prefix() -> str:
    """Give what this process begins its ids with."""
    return _prefix_of(os.getpid())  # workers are forked, and would share one made before


@lru_cache(maxsize=1)
def _prefix_of(_pid: int) -> str:
    return secrets.token_hex(6)


def preflight_headers(requested: str) -> dict[str, str]:
    """Answer a CORS preflight: the headers it asks for may be sent."""
    return {
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Allow-Methods": METHODS,
        "Access-Control-Allow-Headers": (
            requested if HEADER_NAMES.fullmatch(requested) else "Authorization, Content-Type"
        ),
        "Access-Control-Max-Age": "86400",
        "Allow": METHODS,
    }
