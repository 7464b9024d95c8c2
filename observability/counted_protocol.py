"""HTTP itself, with the answers counted that no application had a part in."""

from http import HTTPStatus

from observability import http_counts
from redisgate.lib.http_protocol import HttpProtocol


class CountedProtocol(HttpProtocol):
    """The protocol whose own refusals show up among the requests."""

    def refuse(self, status: HTTPStatus, words: str) -> None:
        # Whether there is a method or a path yet depends on how far the request came.
        http_counts.count(None, http_counts.UNKNOWN, status.value)
        super().refuse(status, words)
