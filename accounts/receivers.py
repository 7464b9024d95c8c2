"""What follows from a log-in, and from a changed password."""

from typing import Any

from allauth.account.signals import password_changed, password_reset, password_set
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from accounts import middleware, refresh_tokens
from accounts.models import User


@receiver(user_logged_in)
def leave_session_alone(sender: object, request: HttpRequest, user: User, **_: Any) -> None:
    """Note a session a minute after it began: allauth has just done it."""
    if request.session.session_key:
        middleware.mark_noted(request.session.session_key)


@receiver([password_changed, password_reset, password_set])
def end_programs(sender: object, user: User, **_: Any) -> None:
    """Log programs out: whoever changes a password may fear that somebody else has it."""
    refresh_tokens.revoke_all(user)
