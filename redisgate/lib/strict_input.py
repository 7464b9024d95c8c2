"""Bodies that say nothing but what can be heard."""

from typing import Any

from rest_framework import serializers


class StrictInput(serializers.Serializer[Any]):
    """Refuses fields that can't be written: a misspelt ``expire_at`` must not mean forever."""

    def to_internal_value(self, data: Any) -> Any:
        known = [name for name, field in self.fields.items() if not field.read_only]
        unknown = sorted(set(data) - set(known)) if isinstance(data, dict) else []
        if unknown:
            words = f"This can't be set here. What can be set: {', '.join(known)}."
            raise serializers.ValidationError({field: [words] for field in unknown})
        return super().to_internal_value(data)
