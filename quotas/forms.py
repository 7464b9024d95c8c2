"""The operators' form for limits."""

from typing import Any

from django import forms

from quotas.models import InstanceQuota
from quotas.refusals import limit_below_use
from quotas.usage import RESOURCES


class LimitsForm(forms.ModelForm[InstanceQuota]):
    """Limits, none of them below what is in use."""

    class Meta:
        model = InstanceQuota
        fields = ("instances_limit", "memory_mb_limit", "api_keys_limit")

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        for resource in RESOURCES:
            limit = cleaned.get(f"{resource}_limit")
            used = getattr(self.instance, f"{resource}_used")
            if limit is not None and limit < used:
                self.add_error(f"{resource}_limit", limit_below_use(resource, limit, used).message)
        return cleaned
