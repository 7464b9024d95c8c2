"""Sessions outside of a request: a socket lives longer than the request that opened it."""

from importlib import import_module

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest

from accounts.models import User


def person_of(session_key: str | None) -> User | None:
    """Look up who is signed in with a session now; None once it has ended."""
    if session_key is None:
        return None
    engine = import_module(settings.SESSION_ENGINE)
    request = HttpRequest()
    request.session = engine.SessionStore(session_key)
    user = get_user(request)
    return user if user.is_authenticated else None
