"""Refusals of single sign-on."""

from http import HTTPStatus

from redisgate.lib.errors import Conflict, Forbidden, RedisGateError


class SsoRequired(Forbidden):
    """The organization lets in only whom its identity provider has signed in."""

    code = "sso_required"
    title = "Sign in with your organization"


class SignInRefused(Forbidden):
    """The identity provider has answered, and its word doesn't count for this."""

    code = "sso_refused"
    title = "You were not signed in"


class ProviderFailed(RedisGateError):
    """The identity provider can't be reached, or what it says makes no sense."""

    code = "identity_provider_failed"
    status = HTTPStatus.BAD_GATEWAY
    title = "The identity provider doesn't answer as it should"


class NotReady(Conflict):
    """The provider can't be switched on yet."""

    code = "sso_not_ready"
