"""Which mail goes first: one whose reader sits before a screen and waits for its link."""

from django.core.mail import EmailMessage

from jobs.priorities import Priority

_NAME = "redisgate_priority"


def somebody_waits(message: EmailMessage) -> None:
    """Have a message delivered before those that only tell something."""
    setattr(message, _NAME, Priority.SOMEBODY_WAITS)


def of(message: EmailMessage) -> Priority:
    found: Priority = getattr(message, _NAME, Priority.NOTICE)
    return found
