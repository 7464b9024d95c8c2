"""What organizations make of what happens to people."""

from typing import Any

from django.dispatch import receiver

from accounts.models import User
from accounts.signals import program_logged_in
from orgs import onboarding


@receiver(program_logged_in)
def make_first_organization(sender: object, user: User, **_: Any) -> None:
    """Give programs what the dashboard gives people on their first visit."""
    onboarding.home_of(user)
