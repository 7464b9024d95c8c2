"""How allauth names people."""

from accounts.models import User


def shown(user: User) -> str:
    """Give the name that others read."""
    return user.name
