"""Forms of the account pages; the rules live in the services."""

from typing import Any

from allauth.account.forms import ResetPasswordForm as AllauthResetPasswordForm
from allauth.account.forms import SignupForm as AllauthSignupForm
from django import forms
from django.http import HttpRequest

from accounts import email_addresses
from accounts.models import User
from redisgate.lib.typed_name import TypedNameForm


class SignupForm(AllauthSignupForm):  # type: ignore[misc]  # allauth is untyped
    """Nobody keeps an address from its owner by having asked for it."""

    def validate_unique_email(self, value: str) -> str:
        if email_addresses.only_waits(value):
            return value
        email: str = super().validate_unique_email(value)
        return email

    def save(self, request: HttpRequest) -> Any:
        email_addresses.forget_where_it_waits(self.cleaned_data["email"])
        return super().save(request)


class ResetPasswordForm(AllauthResetPasswordForm):  # type: ignore[misc]
    """An address that waits opens no account."""

    users: list[User]

    def clean_email(self) -> str:
        email: str = super().clean_email()
        self.users = [user for user in self.users if user.email.lower() == email.lower()]
        return email


class ProfileForm(forms.Form):
    username = forms.CharField(
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "off"})
    )
    shown_name = forms.CharField(
        required=False, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )


class EmailForm(forms.Form):
    email = forms.CharField(widget=forms.EmailInput(attrs={"autocomplete": "email"}))


class DeletionForm(TypedNameForm):
    """Asks for the username."""

    confirm = forms.CharField(
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}
        )
    )
