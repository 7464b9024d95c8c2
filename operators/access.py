"""Who may see the platform as a whole: whoever runs it."""

from accounts.models import User
from redisgate.lib.errors import Forbidden


def is_operator(person: object) -> bool:
    return isinstance(person, User) and person.is_active and person.is_staff


def require(person: User) -> None:
    """Raise Forbidden unless the person runs the platform."""
    if not is_operator(person):
        raise Forbidden(
            "Only operators of this platform can see it as a whole. Ask yours.",
            log="not an operator",
        )
