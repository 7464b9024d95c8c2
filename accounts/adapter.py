"""How django-allauth speaks and acts here."""

from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is untyped
    """Words that say what to do next."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": (
            "The e-mail address or the password is wrong. Check both, or reset your password."
        ),
        "email_taken": "An account with this e-mail address exists already. Log in instead?",
        "username_taken": "This username is taken. Choose another.",
        "too_many_login_attempts": (
            "Too many failed attempts. Wait five minutes, or reset your password."
        ),
    }
