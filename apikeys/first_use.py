"""The first key that an instance answered over HTTP, from the usage that is kept by the hour."""

from django.db.models import F

from apikeys.models import KeyUsage
from instances.connections import Event
from instances.models import Instance
from instances.witness_words import Told


def first_use(instance: Instance) -> Event | None:
    answered = KeyUsage.objects.filter(
        key__organization=instance.organization_id,
        instance_id=instance.pk,
        commands__gt=F("errors"),
    )
    first = answered.select_related("key").order_by("hour").first()
    if first is None:
        return None
    words = f"Commands came over HTTP with the key {first.key.name}."
    return Event(Told(words), max(first.hour, instance.created_at))
