"""People who come in through an identity provider."""

from collections.abc import Iterable

from allauth.account.models import EmailAddress
from django.db import transaction

from accounts import refresh_tokens
from accounts.models import User
from audit import services as audit
from audit.actions import Action
from audit.actors import Actor, Means
from orgs.members import services as members
from orgs.models import Organization
from orgs.roles import Role
from redisgate.lib.write_lock import retried_when_locked
from sso.models import IdentityProvider
from sso.sources import Source


def join(actor: Actor, provider: IdentityProvider, user: User) -> None:
    """Make somebody a member, in the role that the organization has chosen; who is one stays so."""
    role = Role(provider.default_role)
    members.add_member(actor, provider.organization, user, role, action=Action.SSO_JOIN)


@retried_when_locked
def settle_link(source: Source, user: User) -> None:
    """End what a stranger may have prepared in an account whose address nobody had confirmed.

    The provider has confirmed it now. django-allauth has taken the password and the sessions;
    tokens of programs and second factors go as well.
    """
    with transaction.atomic():
        confirmed = EmailAddress.objects.filter(user=user, email__iexact=user.email, verified=True)
        is_new_owner = not confirmed.exists()
        if is_new_owner:
            refresh_tokens.revoke_all(user)
            factors = getattr(user, "authenticator_set", None)
            if factors is not None:
                factors.all().delete()
            _confirm(user)
        actor = Actor(user_id=user.id, label=user.email, means=Means.DASHBOARD)
        organization = source.row.organization if source.row else None
        _record(
            actor, Action.SSO_LINK, organization, user, provider=source.name, cleared=is_new_owner
        )


@retried_when_locked
def note_bypass(user: User, organizations: Iterable[Organization]) -> None:
    """Write down that an owner came in without the provider that others must use."""
    actor = Actor(user_id=user.id, label=user.email, means=Means.SYSTEM)
    with transaction.atomic():
        for organization in organizations:
            _record(actor, Action.SSO_BYPASS, organization, user)


def _confirm(user: User) -> None:
    known = EmailAddress.objects.filter(user=user, email__iexact=user.email)
    if not known.update(verified=True):
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)


def _record(
    actor: Actor, action: Action, organization: Organization | None, user: User, **changes: object
) -> None:
    audit.record(
        actor,
        action,
        organization_id=organization.id if organization else None,
        object_id=user.id,
        object_label=user.email,
        changes=changes,
    )
