"""The headers of every answer of the command API. Pure."""

import re
import secrets
from math import ceil

from gateway.core import Response

REQUEST_ID = re.compile(r"[A-Za-z0-9._:/+=-]{1,128}")
HEADER_NAMES = re.compile(r"[A-Za-z0-9\-, ]{1,1000}")
METHODS = "GET, POST, PUT, HEAD, OPTIONS"
EXPOSED = (
    "Upstash-Sync-Token, X-Request-Id, Retry-After, RateLimit, RateLimit-Policy, "
    "X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset"
)


def response_headers(response: Response, *, request_id: str) -> dict[str, str]:
    """Make the headers of an answer; an incoming request id is kept when it is harmless."""
    headers = {
        "Content-Type": response.content_type,
        "Content-Length": str(len(response.body)),
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "X-Request-Id": request_id if REQUEST_ID.fullmatch(request_id) else secrets.token_hex(8),
        "Upstash-Sync-Token": secrets.token_urlsafe(12),
        # Any origin may ask: the key is the only credential, and browsers never add it alone.
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Expose-Headers": EXPOSED,
    }
    if response.allowance is not None:
        headers.update(response.allowance.headers)
    if response.retry_after_seconds is not None:
        headers["Retry-After"] = str(max(1, ceil(response.retry_after_seconds)))
    if response.allow:
        headers["Allow"] = response.allow
    if response.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return headers


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
