"""Sessions outside of a request: a socket lives longer than the request that opened it."""

from collections.abc import Collection, Mapping
from copy import copy
from functools import lru_cache
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from accounts import vouchers
from accounts.models import User


def person_of(session_key: str | None) -> User | None:
    """Look up who is signed in with a session now; None once it has ended."""
    if session_key is None:
        return None
    request = HttpRequest()
    request.session = _store()(session_key)
    user = get_user(request)
    return _vouched(user, request.session) if isinstance(user, User) else None


def people_of(session_keys: Collection[str]) -> dict[str, User]:
    """Do it for many, in two queries however many; sessions that have ended are left out."""
    rows = _store().get_model_class().objects.filter(expire_date__gt=timezone.now())
    stored = rows.filter(session_key__in=session_keys).values_list("session_key", "session_data")
    sessions = {key: _decoded(data) for key, data in stored}
    ids = {session[SESSION_KEY] for session in sessions.values() if SESSION_KEY in session}
    users = {str(user.pk): user for user in User.objects.filter(pk__in=ids, is_active=True)}
    found = {key: users.get(session.get(SESSION_KEY, "")) for key, session in sessions.items()}
    return {
        key: _vouched(copy(user), sessions[key])
        for key, user in found.items()
        if user and _is_of(sessions[key], user)
    }


def _vouched(user: User, session: Mapping[str, Any]) -> User:
    user.vouchers = vouchers.of(session, user)
    return user


def _is_of(session: Mapping[str, Any], user: User) -> bool:
    """Say whether the session was begun with the password that the person has now."""
    if session.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS:
        return False
    begun_with = session.get(HASH_SESSION_KEY, "")
    hashes = (user.get_session_auth_hash(), *user.get_session_auth_fallback_hash())
    return any(constant_time_compare(begun_with, each) for each in hashes)


def _store() -> Any:
    return import_module(settings.SESSION_ENGINE).SessionStore


@lru_cache(maxsize=10_000)
def _decoded(session_data: str) -> Mapping[str, Any]:
    # The same few sessions are read every second, and the signature covers all of the text.
    decoded: Mapping[str, Any] = _store()().decode(session_data)
    return decoded
