"""Note which sessions are in use, from where and by which browser."""

import math
import time
from collections.abc import Callable

from allauth.account.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from redisgate.lib import log_context

NOTED_EVERY_SECONDS = 60
"""A row written at each request would cost each page a lock of the database."""
MOST_REMEMBERED = 10_000
noted_at: dict[str, float] = {}
"""When this process noted which session; each process does so for itself."""


def note_session(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Keep the list of sessions current, to the minute."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.session.session_key and request.user.is_authenticated:
            log_context.bind(person=request.user.pk)
        response = get_response(request)
        key = request.session.session_key
        if key and request.user.is_authenticated and mark_noted(key):
            _note(request, key)
        return response

    return middleware


def mark_noted(session_key: str) -> bool:
    """Say whether it is time to note a session; the next time comes in a minute."""
    now = time.monotonic()
    if now - noted_at.get(session_key, -math.inf) < NOTED_EVERY_SECONDS:
        return False
    if len(noted_at) >= MOST_REMEMBERED:
        noted_at.clear()
    noted_at[session_key] = now
    return True


def _note(request: HttpRequest, key: str) -> None:
    address = get_adapter(request).get_client_ip(request)
    seen = UserSession.objects.filter(session_key=key, user_id=request.user.pk)
    if not seen.update(last_seen_at=timezone.now(), ip=address):
        # Older than the list, or its browser has just changed hands.
        UserSession.objects.create_from_request(request)
