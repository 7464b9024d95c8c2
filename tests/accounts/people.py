"""People at a browser who log in by the page, and codes as their phones show them."""

import time

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.test import Client

from accounts.models import User
from tests.conftest import PASSWORD

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def logged_in(user: User, user_agent: str = FIREFOX) -> Client:
    """Log in through the page, so that everything a log-in leaves behind is there."""
    client = Client(headers={"user-agent": user_agent})
    answer = client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    assert answer.status_code == 302, answer.content
    return client


def proven(user: User) -> Client:
    """Log in, and give the password once more, as before something dangerous."""
    client = logged_in(user)
    prove(client)
    return client


def prove(client: Client) -> None:
    answer = client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert answer.status_code == 302, answer.content


def add_totp(user: User) -> str:
    """Give somebody an authenticator app, and return its secret."""
    secret: str = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


def add_recovery_codes(user: User) -> list[str]:
    codes: list[str] = RecoveryCodes.activate(user).get_unused_codes()
    return codes


def code_of(secret: str, *, steps: int = 0) -> str:
    """Return what the app shows now, or some half minutes away."""
    counter = int(time.time()) // 30 + steps
    code: str = format_hotp_value(hotp_value(secret, counter))
    return code


def factors_of(user: User) -> set[str]:
    return set(Authenticator.objects.filter(user=user).values_list("type", flat=True))
