"""The quota in the management API."""

from typing import Any

from rest_framework import serializers

from quotas.usage import RESOURCES
from redisgate.lib.strict_input import StrictInput

LARGEST_LIMIT = 2**31 - 1
"""What the database's column holds."""


class AmountSerializer(serializers.Serializer[Any]):
    """Use against a limit; only the limit can be written."""

    used = serializers.IntegerField(read_only=True)
    limit = serializers.IntegerField(min_value=0, max_value=LARGEST_LIMIT)


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
    def limits(self) -> dict[str, int]:
        """Give the valid input as arguments for `quotas.services.set_limits`."""
        return {name: amount["limit"] for name, amount in self.validated_data.items()}
