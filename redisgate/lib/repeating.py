"""Requests with an ``Idempotency-Key`` run once: the room that remembers them registers here."""

from collections.abc import Callable
from typing import Protocol

from rest_framework.request import Request
from rest_framework.response import Response

HEADER = "Idempotency-Key"


class Once(Protocol):
    def __call__(self, request: Request, work: Callable[[], Response]) -> Response:
        """Answer as the first request of this name was answered, or do the work."""


_registered: list[Once] = []


def register(once: Once) -> None:
    _registered[:] = [once]


def once(request: Request, work: Callable[[], Response]) -> Response:
    """Do the work unless the caller has named it before and it was done then."""
    return _registered[0](request, work)
