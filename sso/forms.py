"""Forms of single sign-on."""

from typing import Any

from django import forms

from sso.models import ROLES, Mode


class AddressForm(forms.Form):
    address = forms.EmailField(
        label="Your work email address",
        widget=forms.EmailInput(attrs={"autocomplete": "email", "autofocus": True}),
        error_messages={"required": "Enter your work email address."},
    )


class DomainForm(forms.Form):
    domain = forms.CharField(label="Domain", max_length=253)


class PolicyForm(forms.Form):
    mode = forms.ChoiceField(choices=Mode.choices)
    default_role = forms.ChoiceField(label="Role of newcomers", choices=ROLES)


class OidcForm(forms.Form):
    """How an OpenID provider is reached; the secret is never shown again."""

    name = forms.CharField(label="Name", max_length=40)
    issuer = forms.CharField(label="Issuer", max_length=500)
    client_id = forms.CharField(label="Client ID", max_length=190)
    client_secret = forms.CharField(
        label="Client secret",
        max_length=500,
        required=False,
        strip=True,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    addresses_are_managed = forms.BooleanField(
        label="Only administrators set email addresses there", required=False
    )

    def __init__(self, *args: Any, has_secret: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["client_secret"].required = not has_secret


class SamlForm(forms.Form):
    """Where a SAML provider's metadata is: at an address, or here."""

    name = forms.CharField(label="Name", max_length=40)
    metadata_url = forms.CharField(label="Metadata address", max_length=500, required=False)
    metadata_xml = forms.CharField(
        label="Metadata",
        required=False,
        max_length=512 * 1024,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
    )

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        given = [name for name in ("metadata_url", "metadata_xml") if cleaned.get(name)]
        if len(given) != 1 and not self.errors:
            self.add_error("metadata_url", "Give the address of the metadata, or paste it below.")
        return cleaned
