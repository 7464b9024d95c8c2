"""What becomes of organizations when a person deletes their account.

An organization outlives a member, but not its last one. It never falls to somebody who didn't
ask for it, and what goes with it is said in numbers before.
"""

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.dispatch import receiver
from django.urls import reverse

from accounts.deletion import Consequence
from accounts.models import User
from accounts.signals import account_deleting
from audit.actors import Actor
from orgs import contents, deletion, lock
from orgs.members import services as members
from orgs.models import Membership, Organization
from orgs.roles import Role
from redisgate.lib import units


def foresee(user: User) -> list[Consequence]:
    """Say what becomes of each organization of a person."""
    return [_consequence(organization) for organization in _organizations(user)]


@receiver(account_deleting)
def leave(sender: object, actor: Actor, user: User, **_: Any) -> None:
    """Delete the organizations that nobody else is in, and leave the others.

    Raises Conflict for one that can't do without the person.
    """
    for membership in _memberships(user).order_by("organization_id"):
        # Whoever comes in or changes a role meanwhile waits here.
        organization = lock.hold(membership.organization_id)
        if organization.memberships.exclude(user=user).exists():
            members.leave(actor, membership)
        else:
            deletion.delete(actor, organization)


def _memberships(user: User) -> QuerySet[Membership]:
    """Give those that matter: what is being deleted already goes on by itself."""
    return Membership.objects.filter(user=user, organization__deleting_since__isnull=True)


def _organizations(user: User) -> QuerySet[Any]:
    """Give a person's organizations, with how many others are in them, and own them."""
    other = ~Q(memberships__user=user)
    owner = Q(memberships__role=Role.OWNER)
    return (
        Organization.objects.filter(pk__in=_memberships(user).values("organization"))
        .annotate(
            others=Count("memberships", filter=other),
            other_owners=Count("memberships", filter=other & owner),
            owned=Count("memberships", filter=~other & owner),
        )
        .order_by("name", "pk")
    )


def _consequence(organization: Any) -> Consequence:
    if not organization.others:
        return Consequence(name=organization.name, words=_last_one_out(organization))
    others = units.counted(organization.others, "other member")
    if organization.other_owners or not organization.owned:
        return Consequence(
            name=organization.name, words=f"You leave it, and it stays with {others}."
        )
    return Consequence(
        name=organization.name,
        words=(
            f"You are its only owner, and it has {others}. "
            "Make one of them an owner, or delete the organization."
        ),
        hinders=True,
        url=reverse("orgs:settings", kwargs={"org": organization.slug}),
    )


def _last_one_out(organization: Organization) -> str:
    held = contents.in_words(contents.contents_of(organization))
    if held:
        return f"Nobody else is in it: it is deleted with {held}, and all their data."
    return "Nobody else is in it, and it is empty: it is deleted, too."
