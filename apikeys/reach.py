"""Which instances a key opens, and telling their servers and the audit log of a change."""

from collections.abc import Iterable
from uuid import UUID

from apikeys.models import ApiKey
from apikeys.terms import BrokenTerms
from audit import services as audit
from audit.actions import Action
from audit.actors import Actor
from instances import services as instance_services
from instances.models import Instance
from instances.states import Wish
from orgs.models import Organization


def chosen(organization: Organization, ids: frozenset[UUID]) -> list[Instance]:
    """Find these instances of the organization. Raises BrokenTerms for one that isn't there."""
    mine = Instance.objects.filter(organization=organization, pk__in=ids)
    found = list(mine.exclude(wish=Wish.DELETED))
    unknown = sorted(str(one) for one in ids - {instance.pk for instance in found})
    if unknown:
        words = f"There is no instance {unknown[0]} in {organization.name}."
        raise BrokenTerms({"instances": [words]})
    return found


def of(key: ApiKey) -> set[UUID]:
    """Give the ids of the instances that the key opens."""
    reach = (
        Instance.objects.filter(organization_id=key.organization_id)
        if key.all_instances
        else key.instances.all()
    )
    return set(reach.exclude(wish=Wish.DELETED).values_list("pk", flat=True))


def opens(key: ApiKey, instance: Instance) -> bool:
    """Tell whether the instance, one of the key's organization, is among those that it opens."""
    return key.all_instances or key.instances.filter(pk=instance.pk).exists()


def tell(instance_ids: Iterable[UUID]) -> list[UUID]:
    """Ask for new users on these instances' servers, and return the ids to wait for."""
    affected = sorted(instance_ids)
    instance_services.acl_changed(affected)
    return affected


def record(actor: Actor, action: Action, key: ApiKey, **changes: object) -> None:
    """Write down what happened to the key, inside the caller's transaction."""
    audit.record(
        actor,
        action,
        organization_id=key.organization_id,
        object_id=key.pk,
        object_label=key.name,
        changes=changes,
    )
