"""The form for a new management key."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from managementkeys.services import NAME_LENGTH_MAX
from orgs.roles import Role, lesser

LIFETIMES = [("30", "In 30 days"), ("90", "In 90 days"), ("365", "In 1 year"), ("", "Never")]


class ManagementKeyForm(forms.Form):
    name = forms.CharField(
        max_length=NAME_LENGTH_MAX,
        help_text="What will use it, such as “Terraform” or “CI”.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Give the key a name that says what uses it."},
    )
    role = forms.ChoiceField(
        help_text="What it may do, as for members. It never may more than you.",
    )
    lifetime = forms.ChoiceField(
        label="When does it expire?", choices=LIFETIMES, initial="90", required=False
    )

    def __init__(self, *args: Any, role: Role, **options: Any) -> None:
        super().__init__(*args, **options)
        mine = [each for each in Role if lesser(each, role) == each]
        choices = self.fields["role"]
        assert isinstance(choices, forms.ChoiceField)
        choices.choices = [(each.value, each.label) for each in reversed(mine)]

    def wish(self) -> dict[str, Any]:
        """Return what `managementkeys.services.create` wants to know."""
        found = self.cleaned_data
        return {"name": found["name"], "role": found["role"], "expires_at": self._expires_at()}

    def _expires_at(self) -> datetime | None:
        days = self.cleaned_data["lifetime"]
        return timezone.now() + timedelta(days=int(days)) if days else None
