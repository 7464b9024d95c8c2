"""The quota in the management API."""

from typing import Any

from rest_framework import serializers

from quotas.models import Plan
from quotas.plans import LARGEST_LIMIT, NAME_LENGTH
from quotas.rate_limits import MOST_RATE_LIMIT
from quotas.usage import RESOURCES, Resource
from redisgate.lib.strict_input import StrictInput


class AmountSerializer(serializers.Serializer[Any]):
    """Use against a limit; only the limit can be written, and null is that of the plan."""

    used = serializers.IntegerField(read_only=True)
    limit = serializers.IntegerField(min_value=0, max_value=LARGEST_LIMIT, allow_null=True)


class QuotaSerializer(StrictInput):
    """Everything that is limited. What a PUT leaves out stays as it is."""

    instances = AmountSerializer(required=False)
    memory_mb = AmountSerializer(required=False)
    api_keys = AmountSerializer(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs:
            raise serializers.ValidationError(
                'Name at least one limit, such as {"instances": {"limit": 10}}: '
                f"{', '.join(RESOURCES)}."
            )
        return attrs

    @property
    def limits(self) -> dict[Resource, int | None]:
        """Give the valid input for `quotas.services.override`."""
        return {name: amount["limit"] for name, amount in self.validated_data.items()}


class LimitsSerializer(StrictInput):
    """Limits by what they limit."""

    instances = serializers.IntegerField(
        source="instances_limit", min_value=0, max_value=LARGEST_LIMIT
    )
    memory_mb = serializers.IntegerField(
        source="memory_mb_limit", min_value=0, max_value=LARGEST_LIMIT
    )
    api_keys = serializers.IntegerField(
        source="api_keys_limit", min_value=0, max_value=LARGEST_LIMIT
    )


class PlanSerializer(StrictInput):
    """A plan as operators see and write it."""

    id = serializers.UUIDField(read_only=True)
    name = serializers.CharField(max_length=NAME_LENGTH)
    price = serializers.CharField(max_length=NAME_LENGTH, allow_blank=True, default="")
    limits = LimitsSerializer(source="*")
    rate_limit = serializers.IntegerField(
        min_value=1,
        max_value=MOST_RATE_LIMIT,
        default=100,
        help_text="Commands a second of a key for which nobody says how many.",
    )
    rate_limit_most = serializers.IntegerField(
        min_value=1,
        max_value=MOST_RATE_LIMIT,
        allow_null=True,
        default=None,
        help_text="How many a key may be given; null is no more than rate_limit.",
    )
    is_default = serializers.BooleanField(default=False)
    organizations = serializers.IntegerField(read_only=True)
    created_at = serializers.DateTimeField(read_only=True)
    updated_at = serializers.DateTimeField(read_only=True)


class PlanChoice(StrictInput):
    """Which plan an organization shall have."""

    plan = serializers.UUIDField()
    rate_limit = serializers.IntegerField(
        min_value=1,
        max_value=MOST_RATE_LIMIT,
        allow_null=True,
        required=False,
        help_text="Commands a second that a key of this organization may run at most, whatever "
        "the plan says; null is what the plan says.",
    )


class PlanOutput(serializers.Serializer[Any]):
    """A plan as members see it."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    price = serializers.CharField(allow_blank=True)
    limits = LimitsSerializer()
    rate_limit = serializers.IntegerField()
    rate_limit_most = serializers.IntegerField(allow_null=True)


class OverridesOutput(serializers.Serializer[Any]):
    """Limits that an operator has set for one organization; null is that of the plan."""

    instances = serializers.IntegerField(allow_null=True)
    memory_mb = serializers.IntegerField(allow_null=True)
    api_keys = serializers.IntegerField(allow_null=True)
    rate_limit = serializers.IntegerField(allow_null=True)


class OrganizationPlanOutput(serializers.Serializer[Any]):
    """The plan of an organization, null without one, and what is overridden."""

    plan = PlanOutput(allow_null=True)
    overrides = OverridesOutput()


def plan_of_organization(plan: Plan | None, overrides: dict[str, int | None]) -> Any:
    """Show members what they have: the plan's own limits, and what an operator has overridden."""
    shown = None
    if plan is not None:
        shown = {
            "id": str(plan.pk),
            "name": plan.name,
            "price": plan.price,
            "limits": LimitsSerializer(plan).data,
            "rate_limit": plan.rate_limit,
            "rate_limit_most": plan.rate_limit_most,
        }
    return {"plan": shown, "overrides": overrides}
