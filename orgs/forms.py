"""Forms about organizations."""

from django import forms

from orgs.validation import LONGEST_DESCRIPTION, LONGEST_NAME, NAMELESS
from redisgate.lib.typed_name import TypedNameForm


class OrganizationForm(forms.Form):
    """Name and description. `orgs.validation` holds the rules."""

    name = forms.CharField(
        widget=forms.TextInput(attrs={"maxlength": LONGEST_NAME}),
        error_messages={"required": NAMELESS},
    )
    description = forms.CharField(
        required=False, widget=forms.TextInput(attrs={"maxlength": LONGEST_DESCRIPTION})
    )


class DeleteForm(TypedNameForm):
    """The name, typed once more."""

    confirm = forms.CharField(
        label="Name of the organization",
        error_messages={"required": "Type the organization's name to confirm."},
    )
