"""`Authorization: Bearer <access token>` on the management API."""

from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts import access_tokens
from accounts.models import User
from redisgate.lib import log_context, tokens

API_KEY_PREFIX = "rg_"


class AccessTokenAuthentication(BaseAuthentication):
    """Know a person by the access token from ``POST /auth/login``."""

    def authenticate(self, request: Request) -> tuple[User, str] | None:
        scheme, _, token = get_authorization_header(request).decode("latin-1").partition(" ")
        if scheme.lower() != "bearer":
            return None
        return self._user(token.strip()), token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="RedisGate"'

    def _user(self, token: str) -> User:
        if token.startswith(API_KEY_PREFIX):
            raise AuthenticationFailed(
                "This is an API key: it opens /redis/{instance_id}. "
                "Here you need an access token from POST /auth/login.",
                code="api_key_not_accepted",
            )
        try:
            bearer = access_tokens.read(token)
        except tokens.ExpiredToken:
            raise AuthenticationFailed(
                "Your access token has expired. Fetch a new one from POST /auth/refresh.",
                code="token_expired",
            ) from None
        except tokens.BadToken:
            raise AuthenticationFailed(
                "This access token was not issued here. Log in again with POST /auth/login.",
                code="token_unknown",
            ) from None
        people = User.objects.filter(pk=bearer.user_id, is_active=True)
        of_log_in = {} if bearer.family_id is None else {"token_families": bearer.family_id}
        user = people.filter(**of_log_in).first()
        if user is None:
            raise _ended() if people.exists() else _inactive()
        log_context.bind(person=user.pk)
        return user


def _ended() -> AuthenticationFailed:
    return AuthenticationFailed(
        "This log-in has ended. Log in again with POST /auth/login.", code="token_ended"
    )


def _inactive() -> AuthenticationFailed:
    return AuthenticationFailed(
        "This account no longer exists or was switched off. Ask your operator.",
        code="account_inactive",
    )
