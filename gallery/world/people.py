"""Who looks at the pages, and who is seen on them."""

import time
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.test import Client

from accounts import vouchers
from accounts.models import User
from audit.actors import Actor, Means

LONG_NAME = "Maximiliane Friederike von und zu Hohenfels-Wolkenstein, أميرة الشمال"
AHEAD_SECONDS = 3600
"""Pictures and checks take longer than a password counts as just given."""
PASSWORD = "correct horse battery"  # noqa: S105  nobody but the gallery ever logs in here
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
CROWD = (
    *("Aisha Bello", "Bram de Vries", "Chiara Rossi", "Daniel Okafor", "Elif Şahin"),
    *("Freya Larsen", "Goran Petrović", "Hana Sato", "Isak Nilsen", "Júlia Kovács"),
    *("Kwame Mensah", "Lena Vogel", "Marta Kowalska", "Nikos Pappas", "Orla Byrne"),
    *("Pedro Alves", "Quynh Tran", "Ravi Menon", "Sofie Jensen", "Tomáš Novák"),
    *("Uma Iyer", "Vera Popova", "Wei Zhang", "Ximena Ruiz", "Yusuf Demir", "Zoe Martin"),
)


@dataclass(frozen=True)
class People:
    """Everybody who opens pages, by what they are there for."""

    owner: User
    admin: User
    developer: User
    viewer: User
    operator: User
    newcomer: User
    homeless: User
    secured: User
    """With an app for codes, and recovery codes."""
    keyed: User
    """With a passkey."""
    long: User
    """With names that have no room."""
    crowd: tuple[User, ...]


def make() -> People:
    hashed = make_password(PASSWORD)

    def person(username: str, name: str, **columns: bool) -> User:
        email = f"{username}@example.com"
        user = User.objects.create(
            username=username, email=email, shown_name=name, password=hashed, **columns
        )
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
        return user

    return People(
        owner=person("maya", "Maya Lindqvist"),
        admin=person("adam", "Adam Wright"),
        developer=person("dora", "Dora Nagy"),
        viewer=person("victor", "Victor Hugo Almeida"),
        operator=person("ops", "Olu Adeyemi", is_staff=True, is_superuser=True),
        newcomer=person("nora", "Nora Quist"),
        homeless=person("hal", "Hal Jordan", had_organization=True),
        secured=_secured(person("sam", "Sam Ortega")),
        keyed=_keyed(person("kim", "Kim Larsson")),
        long=person("maximiliane.von.und.zu.hohenfels", LONG_NAME),
        crowd=tuple(person(name.split()[0].casefold(), name) for name in CROWD),
    )


def _secured(user: User) -> User:
    TOTP.activate(user, generate_totp_secret())
    RecoveryCodes.activate(user)
    return user


def _keyed(user: User) -> User:
    Authenticator.objects.create(
        user=user, type=Authenticator.Type.WEBAUTHN, data={"name": "Laptop", "credential": {}}
    )
    return user


def actor(user: User, means: Means = Means.DASHBOARD) -> Actor:
    return Actor(user_id=user.id, label=user.email, means=means, address="203.0.113.24")


def session_of(user: User) -> str:
    """Log somebody in; give the cookie's value. Nobody is asked for a password again meanwhile."""
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(user, backend=BACKEND)
    session = client.session
    session[vouchers.RECORDS_KEY] = [
        {"method": "password", "at": time.time() + AHEAD_SECONDS, "reauthenticated": True}
    ]
    session[vouchers.OWNER_KEY] = str(user.pk)
    session.save()
    return client.cookies[settings.SESSION_COOKIE_NAME].value
