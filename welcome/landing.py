"""What visitors are shown of the way in, before they have anything of their own."""

from django.conf import settings

from instances import snippets
from instances.snippets import API_KEY, KEY_USER, Snippet, Target


def examples() -> tuple[Snippet, ...]:
    """Write a SET and a GET with this platform's address and places for the rest."""
    native = f"redis://{KEY_USER}:{API_KEY}@{settings.INSTANCE_HOST}:YOUR_PORT/0"
    target = Target("sessions", f"{settings.PUBLIC_URL}/redis/YOUR_INSTANCE", native)
    return snippets.snippets(target)
