"""The operators' forms for limits and plans."""

from typing import Any

from django import forms

from quotas.limits import limit_of
from quotas.models import InstanceQuota, Plan
from quotas.plans import LARGEST_LIMIT, Offer
from quotas.rate_limits import MOST_RATE_LIMIT
from quotas.refusals import limit_below_use
from quotas.usage import RESOURCES


class RateField(forms.IntegerField):
    """Commands a second that a key may run at most."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "min_value": 1, "max_value": MOST_RATE_LIMIT})


class LimitsForm(forms.ModelForm[InstanceQuota]):
    """Overrides of the plan, none of them below what is in use; an empty one follows the plan."""

    class Meta:
        model = InstanceQuota
        field_classes = {"rate_limit_override": RateField}
        fields = (
            "instances_override",
            "memory_mb_override",
            "api_keys_override",
            "rate_limit_override",
        )

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        wished = InstanceQuota(**{f"{each}_override": self._wish(each) for each in RESOURCES})
        for resource in RESOURCES:
            limit = limit_of(resource, self.instance.plan, wished)
            used = getattr(self.instance, f"{resource}_used")
            if limit < used:
                words = limit_below_use(resource, limit, used).message
                self.add_error(f"{resource}_override", words)
        return cleaned

    def _wish(self, resource: str) -> int | None:
        wish: int | None = self.cleaned_data.get(f"{resource}_override")
        return wish


class RaiseForm(forms.Form):
    """Limits for several organizations at once."""

    instances = forms.IntegerField(min_value=0, max_value=LARGEST_LIMIT, required=False)
    memory_mb = forms.IntegerField(
        label="Memory in MB", min_value=0, max_value=LARGEST_LIMIT, required=False
    )
    api_keys = forms.IntegerField(
        label="API keys", min_value=0, max_value=LARGEST_LIMIT, required=False
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and all(limit is None for limit in cleaned.values()):
            raise forms.ValidationError("Fill in at least one limit.")
        return cleaned


class PlanOfSelection(forms.Form):
    plan = forms.ModelChoiceField(Plan.objects.all())


class PlanForm(forms.ModelForm[Plan]):
    """What a plan says."""

    class Meta:
        model = Plan
        fields = (
            "name",
            "price",
            "instances_limit",
            "memory_mb_limit",
            "api_keys_limit",
            "rate_limit",
            "rate_limit_most",
            "is_default",
        )

    @property
    def offer(self) -> Offer:
        return Offer(**self.cleaned_data)
