"""Forms of the account pages; the rules live in the services."""

from typing import Any

from allauth.account.forms import ChangePasswordForm as AllauthChangePasswordForm
from allauth.account.forms import LoginForm as AllauthLoginForm
from allauth.account.forms import ResetPasswordForm as AllauthResetPasswordForm
from allauth.account.forms import SignupForm as AllauthSignupForm
from django import forms
from django.http import HttpRequest

from accounts import email_addresses
from accounts.models import User
from redisgate.lib.typed_name import TypedNameForm


def _focus(form: forms.Form, name: str) -> None:
    """Begin in this field; a form that comes back begins with what is wrong."""
    if not form.is_bound:
        form.fields[name].widget.attrs["autofocus"] = True


EMAIL_REQUIRED = {"required": "Enter your email address."}
CHANGE_WORDS = {
    "oldpassword": ("Current password", "Type the password that you have now."),
    "password1": ("New password", "Choose a new password."),
    "password2": ("New password again", "Type the new password once more."),
}
SIGN_UP_WORDS: dict[str, dict[str, str]] = {
    "email": EMAIL_REQUIRED,
    "username": {
        "required": "Choose a username.",
        "min_length": "Use at least %(limit_value)d characters.",
    },
    "password1": {"required": "Choose a password."},
}


class SignupForm(AllauthSignupForm):  # type: ignore[misc]  # allauth is untyped
    """Nobody keeps an address from its owner by having asked for it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, words in SIGN_UP_WORDS.items():
            self.fields[name].error_messages.update(words)
        _focus(self, "email")

    def validate_unique_email(self, value: str) -> str:
        if email_addresses.only_waits(value):
            return value
        email: str = super().validate_unique_email(value)
        return email

    def save(self, request: HttpRequest) -> Any:
        email_addresses.forget_where_it_waits(self.cleaned_data["email"])
        return super().save(request)


class LoginForm(AllauthLoginForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _focus(self, "login")


class ResetPasswordForm(AllauthResetPasswordForm):  # type: ignore[misc]
    """An address that waits opens no account."""

    users: list[User]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].error_messages.update(EMAIL_REQUIRED)
        _focus(self, "email")

    def clean_email(self) -> str:
        email: str = super().clean_email()
        self.users = [user for user in self.users if user.email.lower() == email.lower()]
        return email


class ChangePasswordForm(AllauthChangePasswordForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (label, required) in CHANGE_WORDS.items():
            self.fields[name].label = label
            self.fields[name].error_messages["required"] = required


class ProfileForm(forms.Form):
    username = forms.CharField(
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "off"}),
        error_messages={"required": "Choose a username."},
    )
    shown_name = forms.CharField(
        required=False, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )


class EmailForm(forms.Form):
    email = forms.CharField(
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"required": "Enter the new email address."},
    )


class DeletionForm(TypedNameForm):
    """Asks for the username."""

    confirm = forms.CharField(
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}
        )
    )
