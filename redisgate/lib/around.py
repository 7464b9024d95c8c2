"""Middleware written once, for views that wait and for asynchronous ones."""

from collections.abc import Awaitable, Callable, Generator
from contextlib import suppress

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.decorators import sync_and_async_middleware

GetResponse = Callable[[HttpRequest], HttpResponseBase | Awaitable[HttpResponseBase]]
Steps = Generator[None, HttpResponseBase, None]


def around(steps: Callable[[HttpRequest], Steps]) -> Callable[[GetResponse], GetResponse]:
    """Make middleware of a function that yields once, and is given the response there.

    Where the client hangs up before, an asynchronous view is cancelled and there is no response:
    then GeneratorExit is raised there.
    """

    @sync_and_async_middleware
    def middleware(get_response: GetResponse) -> GetResponse:
        if iscoroutinefunction(get_response):

            async def answer_async(request: HttpRequest) -> HttpResponseBase:
                begun = _begin(steps, request)
                try:
                    response: HttpResponseBase = await get_response(request)
                    _end(begun, response)
                finally:
                    begun.close()
                return response

            return answer_async

        def answer(request: HttpRequest) -> HttpResponseBase:
            begun = _begin(steps, request)
            try:
                response = get_response(request)
                assert isinstance(response, HttpResponseBase)  # exports are streamed
                _end(begun, response)
            finally:
                begun.close()
            return response

        return answer

    return middleware


def _begin(steps: Callable[[HttpRequest], Steps], request: HttpRequest) -> Steps:
    begun = steps(request)
    next(begun)
    return begun


def _end(begun: Steps, response: HttpResponseBase) -> None:
    with suppress(StopIteration):
        begun.send(response)
