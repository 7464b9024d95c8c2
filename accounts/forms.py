"""Forms of the account pages; the rules live in the services."""

from django import forms

from redisgate.lib.typed_name import TypedNameForm


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
