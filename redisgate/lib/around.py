"""Middleware written once, for views that wait and for asynchronous ones."""

import logging
from collections.abc import Awaitable, Callable, Generator

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.decorators import sync_and_async_middleware

log = logging.getLogger(__name__)

GetResponse = Callable[[HttpRequest], HttpResponseBase | Awaitable[HttpResponseBase]]
Steps = Generator[None, HttpResponseBase, None]


def around(steps: Callable[[HttpRequest], Steps]) -> Callable[[GetResponse], GetResponse]:
    """Make middleware of a function that yields once, and is given the response there.

    What ends the request without a response is raised there: an asynchronous view is cancelled when
    its client hangs up.
    """

    @sync_and_async_middleware
    def middleware(get_response: GetResponse) -> GetResponse:
        if iscoroutinefunction(get_response):

            async def answer_async(request: HttpRequest) -> HttpResponseBase:
                begun = _begin(steps, request)
                try:
                    response: HttpResponseBase = await get_response(request)
                except BaseException as error:
                    _break(begun, error)
                    raise
                _end(begun, response)
                return response

            return answer_async

        def answer(request: HttpRequest) -> HttpResponseBase:
            begun = _begin(steps, request)
            try:
                response = get_response(request)
            except BaseException as error:
                _break(begun, error)
                raise
            assert isinstance(response, HttpResponseBase)  # exports are streamed
            _end(begun, response)
            return response

        return answer

    return middleware


def _begin(steps: Callable[[HttpRequest], Steps], request: HttpRequest) -> Steps:
    begun = steps(request)
    next(begun)
    return begun


def _end(begun: Steps, response: HttpResponseBase) -> None:
    try:
        begun.send(response)
    except StopIteration:
        return
    raise RuntimeError("middleware must yield once")


def _break(begun: Steps, error: BaseException) -> None:
    """Tell the steps; whatever they make of it, the error goes on as it came."""
    try:
        begun.throw(error)
    except BaseException as raised:
        if raised is not error and not isinstance(raised, StopIteration):
            log.exception("middleware failed after %r", error)
