"""What can be done to plans, and with them. Each limit that holds follows in the same transaction.

Whoever writes limits locks the plan first and the organization's row after it, so that none of
two writers leaves a row with the limits of before.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F
from django.db.models.functions import Coalesce

from audit import services as audit
from audit.actions import Action
from audit.actors import Actor
from orgs.models import Organization
from quotas import limits, notices, rate_limits
from quotas.models import InstanceQuota, Plan
from quotas.rate_limits import MOST_RATE_LIMIT
from quotas.refusals import plan_too_small
from quotas.usage import RESOURCES, Amount, Usage
from redisgate.lib.errors import Conflict, InvalidInput, NotFound
from redisgate.lib.one_line import one_line_in
from redisgate.lib.write_lock import retried_when_locked

BUILT_IN_RATE_LIMIT = 100
LARGEST_LIMIT = 2**31 - 1
"""What the database's column holds."""
NAME_LENGTH = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What a plan says."""

    name: str
    price: str
    instances_limit: int
    memory_mb_limit: int
    api_keys_limit: int
    rate_limit: int
    is_default: bool
    rate_limit_most: int | None = None
    """What a key may be given; None is no more than ``rate_limit``."""


def of(organization: Organization) -> Plan | None:
    """Give the organization's plan; None where the platform has none at all."""
    return Plan.objects.filter(quotas=organization.pk).first()


def find(plan_id: UUID) -> Plan:
    """Raises NotFound."""
    plan = Plan.objects.filter(pk=plan_id).first()
    if plan is None:
        raise NotFound("There is no such plan.", log="plan not found")
    return plan


def rate_limit_for(organization: Organization) -> int:
    """Say how many commands a second a key may run for which nobody says so."""
    plan = of(organization)
    usual = BUILT_IN_RATE_LIMIT if plan is None else plan.rate_limit
    return min(usual, rate_limits.most_for(organization))


def offer_of(plan: Plan) -> Offer:
    return Offer(**{name: getattr(plan, name) for name in Offer.__slots__})


@retried_when_locked
def create(actor: Actor, offer: Offer) -> Plan:
    """Make a plan; one that organizations begin with takes that from the one before.

    Raises InvalidInput, Conflict for a name in use.
    """
    offer = _checked(offer)
    with transaction.atomic():
        plan = _write(Plan(), offer)
        _record(actor, Action.PLAN_CREATE, plan, {"after": asdict(offer)})
    return plan


@retried_when_locked
def update(actor: Actor, plan: Plan, **changes: object) -> Plan:
    """Change what a plan says, for every organization that has it.

    Raises InvalidInput, Conflict for a name in use, and Conflict when an organization without an
    override uses more than the plan would allow: then nothing changes.
    """
    with transaction.atomic():
        plan = Plan.objects.select_for_update(no_key=True).get(pk=plan.pk)
        before = offer_of(plan)
        offer = _checked(Offer(**{**asdict(before), **changes}))
        if offer == before:
            return plan
        if before.is_default and not offer.is_default:
            raise Conflict(
                f"New organizations begin with {plan.name}. "
                "Choose another plan for that, and it ends here by itself."
            )
        _refuse_when_too_small(plan, offer)
        plan = _write(plan, offer)
        followers = _follow(plan)
        _record(actor, Action.PLAN_UPDATE, plan, {"before": asdict(before), "after": asdict(offer)})
    if followers:
        transaction.on_commit(notices.look_at_all, robust=True)
    return plan


@retried_when_locked
def assign(actor: Actor, organization: Organization, plan: Plan) -> Usage:
    """Give an organization a plan; what an operator has overridden stays overridden.

    Raises Conflict when it uses more than the plan would allow.
    """
    with transaction.atomic():
        plan = Plan.objects.select_for_update(no_key=True).get(pk=plan.pk)
        quota = limits.held(organization)
        before = quota.plan
        for resource in RESOURCES:
            amount = Amount(
                getattr(quota, f"{resource}_used"), limits.limit_of(resource, plan, quota)
            )
            if amount.used > amount.limit:
                raise plan_too_small(organization.name, plan.name, resource, amount)
        after = limits.settle(quota, plan)
        if before != plan:
            audit.record(
                actor,
                Action.PLAN_ASSIGN,
                organization_id=organization.id,
                object_id=organization.id,
                object_label=organization.name,
                changes={
                    "before": {"plan": before.name if before else None},
                    "after": {"plan": plan.name},
                },
            )
        notices.look_after_commit(organization.id)
    return after


def _checked(offer: Offer) -> Offer:
    name, price = one_line_in("name", offer.name), one_line_in("price", offer.price)
    if not 1 <= len(name) <= NAME_LENGTH:
        raise InvalidInput.in_field(
            "name", f"Give the plan a name of 1 to {NAME_LENGTH} characters."
        )
    if len(price) > NAME_LENGTH:
        raise InvalidInput.in_field("price", f"Say the price in {NAME_LENGTH} characters at most.")
    if not 1 <= offer.rate_limit <= MOST_RATE_LIMIT:
        raise InvalidInput.in_field(
            "rate_limit", f"Choose between 1 and {MOST_RATE_LIMIT:,} commands a second."
        )
    most = offer.rate_limit if offer.rate_limit_most is None else offer.rate_limit_most
    if not offer.rate_limit <= most <= MOST_RATE_LIMIT:
        raise InvalidInput.in_field(
            "rate_limit_most",
            f"Choose between {offer.rate_limit:,}, which every key gets, and {MOST_RATE_LIMIT:,}.",
        )
    for resource in RESOURCES:
        if not 0 <= getattr(offer, f"{resource}_limit") <= LARGEST_LIMIT:
            raise InvalidInput.in_field(
                f"{resource}_limit", f"Choose between 0 and {LARGEST_LIMIT:,}."
            )
    return Offer(**{**asdict(offer), "name": name, "price": price})


def _write(plan: Plan, offer: Offer) -> Plan:
    if offer.is_default:
        Plan.objects.filter(is_default=True).exclude(pk=plan.pk).update(is_default=False)
    for name, value in asdict(offer).items():
        setattr(plan, name, value)
    try:
        with transaction.atomic():
            plan.save()
    except IntegrityError as error:
        if "one_default" in str(error):
            raise Conflict("Somebody has just chosen another first plan. Look again.") from error
        raise Conflict(
            f"There is a plan called {offer.name} already. Choose another name."
        ) from error
    return plan


def _refuse_when_too_small(plan: Plan, offer: Offer) -> None:
    for resource in RESOURCES:
        limit = getattr(offer, f"{resource}_limit")
        over = InstanceQuota.objects.filter(
            plan=plan, **{f"{resource}_override": None, f"{resource}_used__gt": limit}
        )
        most = over.select_related("organization").order_by(f"-{resource}_used").first()
        if most is not None:
            amount = Amount(getattr(most, f"{resource}_used"), limit)
            raise plan_too_small(most.organization.name, offer.name, resource, amount)


def _follow(plan: Plan) -> int:
    """Write the limits of all that have the plan; what is too small by now is refused."""
    columns = {
        f"{each}_limit": Coalesce(F(f"{each}_override"), getattr(plan, f"{each}_limit"))
        for each in RESOURCES
    }
    try:
        with transaction.atomic():
            return InstanceQuota.objects.filter(plan=plan).update(**columns)
    except IntegrityError as error:
        raise Conflict(
            f"An organization with {plan.name} has just begun to use more than it would allow. "
            "Nothing was changed; look again."
        ) from error


def _record(actor: Actor, action: Action, plan: Plan, changes: Mapping[str, object]) -> None:
    audit.record(
        actor,
        action,
        organization_id=None,
        object_id=plan.pk,
        object_label=plan.name,
        changes=changes,
    )
