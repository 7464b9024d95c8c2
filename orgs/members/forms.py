"""Forms about members and invitations."""

from collections.abc import Collection
from typing import Any

from django import forms

from orgs.roles import Role
from redisgate.lib.typed_name import TypedNameForm


def choices_of(roles: Collection[Role]) -> list[tuple[str, str]]:
    """Give these roles in the order of the table."""
    return [(role.value, str(role.label)) for role in Role if role in roles]


class RoleForm(forms.Form):
    """One of the roles that somebody may give."""

    role = forms.ChoiceField(
        error_messages={"invalid_choice": "You can't give this role.", "required": "Choose a role."}
    )

    def __init__(self, *args: Any, roles: Collection[Role], **options: Any) -> None:
        super().__init__(*args, **options)
        choice = self.fields["role"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = choices_of(roles)


class InvitationForm(RoleForm):
    """Whom to invite as what. `orgs.invitations` holds the rules of addresses."""

    email = forms.CharField(
        label="Email",
        error_messages={"required": "Enter the address of whom to invite."},
        widget=forms.TextInput(attrs={"type": "email", "autocomplete": "off"}),
    )


class TransferForm(TypedNameForm):
    """The organization's name, typed before it is handed over."""

    confirm = forms.CharField(
        label="Name of the organization",
        error_messages={"required": "Type the organization's name to confirm."},
    )
