"""How django-allauth speaks and acts here."""

from allauth.account.adapter import DefaultAccountAdapter

from accounts.limits import CountedAttempts


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
