"""One line for each request that took long, whichever door it came through."""

import logging

from redisgate.lib.line_pace import LinePace

log = logging.getLogger("redisgate.slow")
_pace = LinePace()


def tell(method: str, route: str, status: int, milliseconds: int, **about: str) -> None:
    """Write the line, unless there are too many of them."""
    fields = _pace.take()
    if fields is not None:
        told = {"method": method, "route": route, "status": status, "duration_ms": milliseconds}
        log.warning(
            "slow: %s %s took %d ms", method, route, milliseconds, extra={**told, **about, **fields}
        )
