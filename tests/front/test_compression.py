"""Answers travel compressed as the browser likes best, and tell nothing by their length."""

import gzip
from collections.abc import Callable
from functools import partial

import brotli
import pytest
from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.test import RequestFactory
from django.urls import reverse

from redisgate.lib import accepting, shown_once
from redisgate.middleware.compression import compress

WORDS = b"<p>Redis with a URL and a token.</p>" * 40
UNPACK: dict[str, Callable[[bytes], bytes]] = {"br": brotli.decompress, "gzip": gzip.decompress}


def answered(
    response: HttpResponseBase,
    accepts: str = "gzip, br",
    *,
    method: str = "GET",
    path: str = "/",
    **cookies: str,
) -> HttpResponse:
    request = RequestFactory().generic(method, path, headers={"accept-encoding": accepts})
    request.COOKIES.update(cookies)
    answer = compress(lambda _: response)(request)
    assert isinstance(answer, HttpResponse)
    return answer


@pytest.mark.parametrize(
    ("accepts", "coding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("br;q=0.5, gzip;q=0.8", "gzip"),
        ("gzip;q=1.0, br;q=0", "gzip"),
        ("GZIP", "gzip"),
        ("*", "br"),
        ("*;q=0.1, br;q=0", "gzip"),
        ("identity", None),
        ("br;q=0, gzip;q=0", None),
        ("deflate, zstd", None),
        ("", None),
        ("br;q=nonsense, gzip ; q = 0.2", "gzip"),
        (", ,;;, gzip", "gzip"),
    ],
)
def test_the_client_says_what_it_likes_best(accepts: str, coding: str | None) -> None:
    assert accepting.best(accepts, ("br", "gzip")) == coding


@pytest.mark.parametrize("coding", ["br", "gzip"])
def test_what_is_sent_is_what_was_said(coding: str) -> None:
    answer = answered(HttpResponse(WORDS, headers={"ETag": '"a"'}), coding)
    assert answer.headers["Content-Encoding"] == coding
    assert answer.headers["Content-Length"] == str(len(answer.content))
    assert answer.headers["ETag"] == 'W/"a"'
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert UNPACK[coding](answer.content) == WORDS
    assert len(answer.content) < len(WORDS) / 3


@pytest.mark.parametrize("coding", ["br", "gzip"])
def test_the_same_answer_varies_in_length(coding: str) -> None:
    packed = [answered(HttpResponse(WORDS), coding).content for _ in range(200)]
    lengths = {len(each) for each in packed}
    assert len(lengths) > 30
    assert max(lengths) - min(lengths) <= 100
    assert {UNPACK[coding](each) for each in packed} == {WORDS}


def test_whoever_accepts_nothing_gets_it_plain_and_caches_are_told() -> None:
    answer = answered(HttpResponse(WORDS), "identity")
    assert answer.content == WORDS
    assert answer.headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    ("response", "method", "cookies"),
    [
        (HttpResponse(b"short"), "GET", {}),
        (HttpResponse(WORDS), "POST", {}),
        (HttpResponse(WORDS), "GET", {shown_once.COOKIE: "sealed"}),
        (HttpResponse(WORDS, headers={"Content-Encoding": "zstd"}), "GET", {}),
    ],
    ids=["short", "a change", "a secret shown once", "packed already"],
)
def test_some_answers_go_as_they_are(
    response: HttpResponse, method: str, cookies: dict[str, str]
) -> None:
    before = response.content
    assert answered(response, method=method, **cookies).content == before


def test_recovery_codes_and_secrets_of_second_factors_go_as_they_are() -> None:
    path = reverse("mfa_view_recovery_codes")
    assert not answered(HttpResponse(WORDS), path=path).has_header("Content-Encoding")


def test_an_event_leaves_at_once_and_an_export_goes_packed() -> None:
    events = StreamingHttpResponse([b"data: 1\n\n"], content_type="text/event-stream")
    export = StreamingHttpResponse([WORDS, WORDS], content_type="text/csv")
    for response in (events, export):
        compress(partial(given, response))(request_for("gzip"))
    assert not events.has_header("Content-Encoding")
    assert export.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(b"".join(export.streaming_content)) == WORDS * 2  # type: ignore[arg-type]


def given(response: HttpResponseBase, _: HttpRequest) -> HttpResponseBase:
    return response


async def test_it_works_beside_the_event_loop_too() -> None:
    async def view(_: HttpRequest) -> HttpResponse:
        return HttpResponse(WORDS)

    middleware = compress(view)
    assert iscoroutinefunction(middleware)
    answer = await middleware(request_for("br"))
    assert brotli.decompress(answer.content) == WORDS


def request_for(accepts: str) -> HttpRequest:
    return RequestFactory().get("/", headers={"accept-encoding": accepts})
