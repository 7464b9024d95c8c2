"""Send pages and answers of the API compressed, in the way that the browser likes best.

Each answer is longer by a random number of bytes (Heal the BREACH), so that nobody who makes a
browser ask again and again learns a secret from how well it compresses. What shows a secret for the
only time goes as it is, and so does every answer to a change.
"""

import secrets
from typing import cast

import brotli
from asgiref.sync import iscoroutinefunction, sync_to_async
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_vary_headers
from django.utils.decorators import sync_and_async_middleware
from django.utils.text import compress_string

from redisgate.lib import accepting, shown_once
from redisgate.lib.around import GetResponse

LEAST_BYTES = 200
MOST_RANDOM_BYTES = 100
BROTLI_QUALITY, BROTLI_WINDOW = 5, 18
"""As quick as gzip on pages of ours, and a tenth smaller."""
CODINGS = ("br", "gzip")
SAFE = {"GET", "HEAD"}
PLAIN_PAGES = "/accounts/2fa/"
"""Where secrets of second factors and recovery codes are shown, for once."""


@sync_and_async_middleware
def compress(get_response: GetResponse) -> GetResponse:
    """Compress what is worth it."""
    if iscoroutinefunction(get_response):
        # Beside the loop, on which the commands of others wait for their turn.
        aside = sync_to_async(_compressed, thread_sensitive=False)

        async def middleware_async(request: HttpRequest) -> HttpResponseBase:
            response: HttpResponseBase = await get_response(request)
            return await aside(request, response) if _may_be(request, response) else response

        return middleware_async

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = cast("HttpResponseBase", get_response(request))
        return _compressed(request, response) if _may_be(request, response) else response

    return middleware


def _may_be(request: HttpRequest, response: HttpResponseBase) -> bool:
    if request.method not in SAFE or response.has_header("Content-Encoding"):
        return False
    if shown_once.COOKIE in request.COOKIES or request.path.startswith(PLAIN_PAGES):
        return False
    if response.streaming:
        # An event has to leave at once.
        return not response.get("Content-Type", "").startswith("text/event-stream")
    return len(cast("HttpResponse", response).content) >= LEAST_BYTES


def _compressed(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    patch_vary_headers(response, ("Accept-Encoding",))
    coding = accepting.best(request.headers.get("Accept-Encoding", ""), CODINGS)
    if coding is None:
        return response
    if response.streaming:
        return _streamed(request, response)
    whole = cast("HttpResponse", response)
    packed = _brotli(whole.content) if coding == "br" else _gzip(whole.content)
    if len(packed) < len(whole.content):
        _put(whole, packed, coding)
    return whole


def _streamed(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Leave it to Django, piece by piece."""
    made: HttpResponseBase = GZipMiddleware(lambda _: response).process_response(request, response)
    return made


def _put(response: HttpResponse, packed: bytes, coding: str) -> None:
    response.content = packed
    response.headers["Content-Length"] = str(len(packed))
    response.headers["Content-Encoding"] = coding
    etag = response.get("ETag", "")
    if etag.startswith('"'):  # the same in meaning, and no longer in every byte
        response.headers["ETag"] = f"W/{etag}"


def _gzip(content: bytes) -> bytes:
    return compress_string(content, max_random_bytes=MOST_RANDOM_BYTES)


def _brotli(content: bytes) -> bytes:
    """Compress, with a block of metadata that every decoder passes over (RFC 7932, 9.2)."""
    compressor = brotli.Compressor(quality=BROTLI_QUALITY, lgwin=BROTLI_WINDOW)
    parts = [compressor.process(content), compressor.flush()]  # the flush ends on a whole byte
    parts += [_metadata(1 + secrets.randbelow(MOST_RANDOM_BYTES)), compressor.finish()]
    return b"".join(parts)


def _metadata(length: int) -> bytes:
    """Write ISLAST 0, MNIBBLES 0, a reserved bit, MSKIPBYTES 1 and MSKIPLEN - 1; then zeros."""
    head = 0b11 << 1 | 1 << 4 | (length - 1) << 6
    return head.to_bytes(2, "little") + bytes(length)
