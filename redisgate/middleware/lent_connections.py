"""A connection to the database goes back to the pool with the answer, not when it has been read."""

from asgiref.sync import iscoroutinefunction, sync_to_async
from django.db import close_old_connections
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.decorators import sync_and_async_middleware

from redisgate.lib.around import GetResponse


@sync_and_async_middleware
def give_back_connections(get_response: GetResponse) -> GetResponse:
    """Give back what views and other middleware have used, before a byte is sent.

    Django does so itself once the last byte was taken, which a slow reader puts off: a few of them
    would have all connections of the process. What is streamed sees to its own.
    """
    if not iscoroutinefunction(get_response):
        return get_response

    async def middleware(request: HttpRequest) -> HttpResponseBase:
        response: HttpResponseBase = await get_response(request)
        await sync_to_async(close_old_connections)()
        return response

    return middleware
