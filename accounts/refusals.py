"""Refusals at the door."""

from http import HTTPStatus

from redisgate.lib.errors import Forbidden, RedisGateError


class Unauthenticated(RedisGateError):
    """We don't know who this is."""

    code = "unauthenticated"
    status = HTTPStatus.UNAUTHORIZED
    title = "Please log in"


class WrongCredentials(Unauthenticated):
    """Email address and password don't belong together; which one is wrong stays unsaid."""

    code = "wrong_credentials"
    title = "Login failed"


class AccountInactive(Unauthenticated):
    """The password was right, and the account is switched off."""

    code = "account_inactive"
    title = "Account switched off"


class RefreshTokenUnknown(Unauthenticated):
    """The refresh token was used, revoked, has expired, or was never ours."""

    code = "refresh_token_unknown"


class RefreshTokenReused(Unauthenticated):
    """The refresh token came a second time, and with it its whole family has ended."""

    code = "refresh_token_reused"


class TooManyAttempts(RedisGateError):
    """Somebody may be guessing passwords."""

    code = "too_many_attempts"
    status = HTTPStatus.TOO_MANY_REQUESTS
    title = "Too many attempts"


class MfaRequired(Unauthenticated):
    """The password was right, and the account asks for more; ``methods`` names what may be sent."""

    code = "mfa_required"
    title = "A second factor is needed"


class WrongCode(Unauthenticated):
    """The password was right, and the code beside it wasn't, or was used before."""

    code = "wrong_code"
    title = "Login failed"


class EmailUnconfirmed(Unauthenticated):
    """The password was right, and nobody has shown yet that the address is theirs."""

    code = "email_unconfirmed"
    title = "Please confirm your email address"


class NotProven(Forbidden):
    """A browser's session came, and nobody has shown lately who sits there."""

    code = "reauthentication_required"
    title = "Please show that it is you"
