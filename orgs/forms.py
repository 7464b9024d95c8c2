"""Forms about organizations."""

from django import forms

from orgs.models import Organization
from orgs.names import single_line


class OrganizationForm(forms.ModelForm[Organization]):
    """Name and description."""

    name = forms.CharField(
        max_length=80,
        validators=[single_line],
        error_messages={
            "required": "Give the organization a name.",
            "max_length": "Choose a name of at most 80 characters.",
        },
    )
    description = forms.CharField(
        max_length=300,
        required=False,
        validators=[single_line],
        error_messages={"max_length": "Say it in at most 300 characters."},
    )

    class Meta:
        model = Organization
        fields = ("name", "description")


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
