"""The form for a key that is there already."""

from datetime import datetime
from typing import Any, cast

from django import forms
from django.utils.formats import date_format

from apikeys.forms import ALL, CHOSEN, LIFETIMES, NEVER, ApiKeyForm
from apikeys.models import ApiKey
from instances.acl import Scope

KEEP = "keep"


class EditForm(ApiKeyForm):
    def __init__(self, *args: Any, key: ApiKey, **options: Any) -> None:
        super().__init__(*args, initial=_initial(key), **options)
        self._key = key
        if key.expires_at is not None:
            lifetime = cast("forms.ChoiceField", self.fields["lifetime"])
            at = date_format(key.expires_at, "j F Y, H:i")
            lifetime.choices = [(KEEP, f"As it is: {at} UTC"), *LIFETIMES]

    def wish(self) -> dict[str, Any]:
        """Return what `apikeys.editing.edit` shall change, without what nobody touched.

        A key made by a program may hold several scopes, and instances that are going.
        """
        found = super().wish()
        touched = set(self.changed_data)
        if "scope" not in touched:
            del found["scopes"]
        if not {"reach", "instances"} & touched:
            del found["instances"]
        if self.cleaned_data["lifetime"] == KEEP:
            del found["expires_at"]
        return found

    def _expires_at(self) -> datetime | None:
        if self.cleaned_data["lifetime"] == KEEP:
            return self._key.expires_at
        return super()._expires_at()


def _initial(key: ApiKey) -> dict[str, Any]:
    return {
        "name": key.name,
        "scope": next(scope.value for scope in reversed(Scope) if scope.value in key.scopes),
        "reach": ALL if key.all_instances else CHOSEN,
        "instances": [instance.pk for instance in key.instances.all()],
        "lifetime": NEVER if key.expires_at is None else KEEP,
        "rate_limit": key.rate_limit,
        "key_patterns": "\n".join(key.key_patterns),
        "networks": "\n".join(key.allowed_networks),
        "expiry_warnings": key.expiry_warnings,
    }
