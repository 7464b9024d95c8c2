"""Forms about organizations."""

from django import forms

from orgs.models import Organization
from orgs.validation import LONGEST_DESCRIPTION, LONGEST_NAME, NAMELESS


class OrganizationForm(forms.Form):
    """Name and description. `orgs.validation` holds the rules."""

    name = forms.CharField(
        widget=forms.TextInput(attrs={"maxlength": LONGEST_NAME}),
        error_messages={"required": NAMELESS},
    )
    description = forms.CharField(
        required=False, widget=forms.TextInput(attrs={"maxlength": LONGEST_DESCRIPTION})
    )


class DeleteForm(forms.Form):
    """The name, typed once more."""

    confirm = forms.CharField(
        label="Name of the organization",
        error_messages={"required": "Type the organization's name to confirm."},
    )

    def __init__(self, *args: object, organization: Organization, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed on as they came
        self.organization = organization

    def clean_confirm(self) -> str:
        typed: str = self.cleaned_data["confirm"]
        # Browsers and people tidy blanks, so they don't count.
        if typed.split() != self.organization.name.split():
            raise forms.ValidationError(
                f"This is not the name. Type {self.organization.name} to confirm."
            )
        return typed
