"""The first organization makes itself."""

from django.db import transaction

from accounts.models import User
from audit.actors import Actor, Means
from orgs import access, services
from orgs.models import Organization
from redisgate.lib.write_lock import retried_when_locked

USERNAME_SHOWN = 60
"""How much of a username fits into an organization's name."""


def landing_organization(user: User) -> Organization:
    """Return the organization that a person entered first, and make one where there is none."""
    return _first(user) or _make_first(user)


def home_of(user: User) -> Organization | None:
    """Return where a person lands, or None for who had an organization and is in none now."""
    return _first(user) if user.had_organization else landing_organization(user)


def _first(user: User) -> Organization | None:
    lasting = access.organizations_of(user).filter(deleting_since=None)
    return lasting.order_by("memberships__created_at").first()


@retried_when_locked
def _make_first(user: User) -> Organization:
    actor = Actor(user_id=user.id, label=user.email, means=Means.SYSTEM)
    with transaction.atomic():
        # Two pages may open at once: whoever gets the lock later finds what the first one made.
        User.objects.select_for_update().get(pk=user.pk)
        name = f"{user.username[:USERNAME_SHOWN]}'s organization"
        return _first(user) or services.create(actor, owner=user, name=name)
