"""How django-allauth speaks and acts here."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest, HttpResponse

from accounts.limits import CountedAttempts
from accounts.models import User
from accounts.signals import signing_in


class AccountAdapter(CountedAttempts):
    """Words that say what to do next."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": (
            "The e-mail address or the password is wrong. Check both, or reset your password."
        ),
        "email_taken": "An account with this e-mail address exists already. Log in instead?",
        "username_taken": "This username is taken. Choose another.",
    }

    def pre_login(self, request: HttpRequest, user: User, **details: Any) -> HttpResponse | None:
        """Ask the rooms above, once the credentials are right; they refuse by raising."""
        refusal: HttpResponse | None = super().pre_login(request, user, **details)
        if refusal is None:
            social = (details["signal_kwargs"] or {}).get("sociallogin")
            provider = social.account.provider if social else None
            signing_in.send(sender=None, user=user, provider=provider)
        return refusal
