"""What is asked for a second factor."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.adapter import get_adapter
from allauth.mfa.totp.forms import ActivateTOTPForm as AllauthActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.conf import settings

from accounts.models import User
from redisgate.lib.one_line import one_line

LONGEST_PASSKEY_NAME = 60


def may_add_factor(user: User) -> bool:
    """Say whether the address is known to be theirs, as far as there is a way to find out.

    Otherwise somebody could sign up with a stranger's address and lock the stranger out of it.
    """
    if not settings.HAS_MAIL_SERVER:
        return True
    mine = EmailAddress.objects.filter(user=user, email=user.email.lower(), verified=True)
    return bool(mine.exists())


def _require_confirmed_address(user: User) -> None:
    if not may_add_factor(user):
        raise get_adapter().validation_error("unverified_email")


def _name(text: str) -> str:
    try:
        return one_line(text)
    except ValueError as error:
        raise forms.ValidationError(str(error)) from error


class ActivateTOTPForm(AllauthActivateTOTPForm):  # type: ignore[misc]  # allauth is untyped
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].error_messages["required"] = "Type the six digits that the app shows."

    def clean_code(self) -> str:
        _require_confirmed_address(self.user)
        code: str = super().clean_code()
        return code


class AddPasskeyForm(AddWebAuthnForm):  # type: ignore[misc]  # allauth is untyped
    """A passkey; unless told otherwise it opens the account without a password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].max_length = LONGEST_PASSKEY_NAME
        self.fields["name"].widget.attrs["maxlength"] = LONGEST_PASSKEY_NAME
        self.fields["passwordless"].initial = True

    def clean_name(self) -> str:
        # A name must never refuse the key: the device may hold it already.
        name: str = super().clean_name()
        try:
            shown = one_line(name)[:LONGEST_PASSKEY_NAME]
        except ValueError:
            shown = ""
        return shown or get_adapter().generate_authenticator_name(self.user, "webauthn")

    def clean(self) -> dict[str, Any]:
        _require_confirmed_address(self.user)
        cleaned: dict[str, Any] = super().clean()
        return cleaned


class RenamePasskeyForm(EditWebAuthnForm):  # type: ignore[misc]  # allauth is untyped
    name = forms.CharField(max_length=LONGEST_PASSKEY_NAME)

    def clean_name(self) -> str:
        name = _name(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError("Give the passkey a name.")
        return name
