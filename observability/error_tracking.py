"""Tell an error tracker (Sentry, or what speaks like it) of everything that is logged as an error.

Without an address nothing of it is imported.
"""

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from redisgate.lib import log_context, redaction, request_id, trace_context

if TYPE_CHECKING:
    from sentry_sdk.types import Event, Hint

FLUSH_SECONDS = 2
TAGS = ("organization", "instance", "key", "job")
"""Of what the log says; who it was stays here."""


def begin(address: str, *, environment: str, release: str) -> None:
    """Send errors to this address from now on, in the background."""
    import sentry_sdk
    from sentry_sdk.integrations.atexit import AtexitIntegration
    from sentry_sdk.integrations.logging import LoggingIntegration

    sentry_sdk.init(
        dsn=address,
        environment=environment,
        release=release,
        # The log is the one place where errors come together; integrations would look at
        # requests themselves, with cookies and bodies.
        default_integrations=False,
        auto_enabling_integrations=False,
        integrations=[
            LoggingIntegration(level=None, event_level=logging.ERROR),
            AtexitIntegration(callback=_leave_quietly),
        ],
        before_send=_without_secrets,
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        auto_session_tracking=False,
        shutdown_timeout=FLUSH_SECONDS,
    )


def _without_secrets(event: "Event", _hint: "Hint") -> "Event":
    told: Event = redaction.value(event)
    told["tags"] = _tags()
    told.pop("breadcrumbs", None)
    words = told.get("logentry")
    if isinstance(words, dict):
        words.pop("params", None)  # apart from the sentence that says what is secret in it
    extra = told.get("extra")
    if isinstance(extra, dict):
        extra.pop("request", None)  # its address may be somebody's data
    return told


def _tags() -> dict[str, str]:
    known: Mapping[str, str] = log_context.current()
    tags = {name: known[name] for name in TAGS if name in known}
    if name := request_id.current():
        tags["request_id"] = name
    if (place := trace_context.current()) is not None:
        tags["trace_id"] = place.trace_id
    return tags


def _leave_quietly(_pending: int, _seconds: float) -> Any:
    """Say nothing on the terminal when a process ends with errors still to send."""
