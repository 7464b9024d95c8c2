"""Hints about instances that fail, are unwell, end soon or can't take their settings. Pure."""

from collections.abc import Callable, Sequence
from datetime import datetime

from instances import expiry
from instances.states import Health, Status, Wish
from overview import memory_hints
from overview.hints import Hint, Severity
from overview.servers import Server
from redisgate.lib.sentences import first_line

LOG_WORDS = "Its page says why, and what to do."
NO_DISK = "The server can't save to disk, so it refuses writes. Tell your operator."


def cannot_save(detail: str) -> bool:
    """Tell from what a server says whether it can't write its data to disk."""
    return "MISCONF" in detail


def failed(server: Server, url: str) -> Hint | None:
    if server.line.status != Status.ERROR:
        return None
    verb = "couldn't be deleted" if server.line.wish == Wish.DELETED else "has failed"
    return Hint(
        kind="failed",
        about=str(server.line.id),
        severity=Severity.ERROR,
        title=f"{server.line.name} {verb}",
        text=first_line(server.line.status_detail) or LOG_WORDS,
        action="Look at it",
        url=url,
    )


def unhealthy(server: Server, url: str) -> Hint | None:
    if not server.is_running or server.line.health != Health.UNHEALTHY:
        return None
    detail = server.line.status_detail
    return Hint(
        kind="unhealthy",
        about=str(server.line.id),
        severity=Severity.ERROR,
        title=f"{server.line.name} is unhealthy",
        text=NO_DISK if cannot_save(detail) else first_line(detail) or LOG_WORDS,
        action="Look at it",
        url=url,
    )


def unsettled(server: Server, url: str) -> Hint | None:
    line = server.line
    if line.settings_done >= line.settings_wish or not line.settings_failures:
        return None
    return Hint(
        kind="unsettled",
        about=str(line.id),
        severity=Severity.WARNING,
        title=f"{line.name}: its changed settings couldn't be applied yet",
        text=first_line(line.settings_note),
        action="Settings",
        url=url,
    )


def ending(server: Server, url: str, now: datetime) -> Hint | None:
    line = server.line
    near = expiry.warning(line.expires_at, now)
    if not near or line.expires_at is None or line.wish == Wish.DELETED:
        return None
    left = max(0.0, (line.expires_at - now).total_seconds())
    return Hint(
        kind="ending",
        about=str(line.id),
        severity=Severity.ERROR if near == "hour" else Severity.WARNING,
        title=f"{line.name} expires in {memory_hints.in_words(left)}",
        text="It is deleted then, with its data.",
        action="Keep it longer",
        url=url,
    )


def each_of(
    rule: Callable[[Server, str], Hint | None],
    servers: Sequence[Server],
    url_of: Callable[[Server], str],
) -> list[Hint]:
    """Apply a rule to every server."""
    return [hint for each in servers if (hint := rule(each, url_of(each))) is not None]
