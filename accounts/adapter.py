"""How django-allauth speaks and acts here."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib import messages
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from accounts import devices, email_addresses
from accounts.limits import CountedAttempts
from accounts.models import User
from accounts.signals import signing_in
from mail import urgency

WAYS = {
    "mfa_reauthenticate": "Use a code from your authenticator app",
    "mfa_reauthenticate:webauthn": "Use a passkey",
}
"""How one can show who one is, besides the password."""
WAITED_FOR = frozenset(
    f"account/email/{name}"
    for name in (
        "account_already_exists",
        "email_confirmation",
        "email_confirmation_signup",
        "password_reset_key",
        "unknown_account",
    )
)
"""Mails whose readers sit before the page that told them to look. None is quicker than another,
or the time would tell who has an account."""


class AccountAdapter(CountedAttempts):
    """Words that say what to do next."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": (
            "The email address or the password is wrong. Check both, or reset your password."
        ),
        "email_taken": "An account with this email address exists already. Log in instead?",
        "email_of_another": (
            "Another account has this email address. Choose a different one, or log in with "
            "that account."
        ),
        "enter_current_password": "This is not your current password. Type it once more.",
        "username_taken": "This username is taken. Choose another.",
        "duplicate_email": "This is your address already, or waits for you to confirm it.",
        "incorrect_password": "This is not your password. Try again.",
    }

    def pre_login(self, request: HttpRequest, user: User, **details: Any) -> HttpResponse | None:
        """Ask the rooms above, once the credentials are right; they refuse by raising."""
        refusal: HttpResponse | None = super().pre_login(request, user, **details)
        if refusal is None:
            social = (details["signal_kwargs"] or {}).get("sociallogin")
            provider = social.account.provider if social else None
            signing_in.send(sender=None, user=user, provider=provider)
        return refusal

    def send_mail(self, template_prefix: str, email: str, context: Mapping[str, Any]) -> None:
        """Lead to the platform's own address, whatever host the request names.

        Else whoever asks for another person's mail would decide where its secret link leads.
        """
        ours = {
            name: _at_public_address(value) if name.endswith("_url") else value
            for name, value in context.items()
        }
        if "user_agent" in ours:
            ours["device"] = devices.name_of(ours["user_agent"])
        super().send_mail(template_prefix, email, ours)

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMessage:
        """Have links delivered first."""
        message: EmailMessage = super().render_mail(template_prefix, email, context, headers)
        if template_prefix in WAITED_FOR:
            urgency.somebody_waits(message)
        return message

    def should_send_confirmation_mail(
        self, request: HttpRequest, email_address: EmailAddress, signup: bool
    ) -> bool:
        """Write unasked only where mail arrives, or where nobody gets in without."""
        return bool(settings.HAS_MAIL_SERVER or email_addresses.must_be_confirmed())

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Confirm, unless somebody has made an account of this address meanwhile."""
        if email_addresses.is_anothers(email_address.user, email_address.email):
            words = self.error_messages["email_of_another"]
            self.add_message(request, messages.ERROR, message=words)
            return False
        return bool(super().confirm_email(request, email_address))

    def get_reauthentication_methods(self, user: User) -> list[dict[str, Any]]:
        """Call the ways by the names that the other pages use."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        return [
            {**each, "description": WAYS.get(each["id"], each["description"])} for each in methods
        ]

    def get_email_verification_redirect_url(self, email_address: EmailAddress) -> str:
        if self.request.user.is_authenticated:
            return reverse("account_email")
        return reverse("account_login")


def _at_public_address(url: str) -> str:
    return settings.PUBLIC_URL + urlsplit(url)._replace(scheme="", netloc="").geturl()
