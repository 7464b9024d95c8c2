"""What follows from a changed password."""

from typing import Any

from allauth.account.signals import password_changed, password_reset, password_set
from django.dispatch import receiver

from accounts import refresh_tokens
from accounts.models import User


@receiver([password_changed, password_reset, password_set])
def end_programs(sender: object, user: User, **_: Any) -> None:
    """Log programs out: whoever changes a password may fear that somebody else has it."""
    refresh_tokens.revoke_all(user)
