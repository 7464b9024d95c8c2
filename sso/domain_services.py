"""What can be done to the domains that organizations say are theirs."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from audit import services as audit
from audit.actions import Action
from audit.actors import Actor
from orgs.models import Organization
from redisgate.lib.errors import Conflict, InvalidInput
from redisgate.lib.write_lock import retried_when_locked
from sso import domains
from sso.models import Domain, IdentityProvider, Mode
from sso.refusals import NotReady

MOST = 50
"""Domains of one organization."""


@retried_when_locked
def claim(actor: Actor, organization: Organization, name: str) -> Domain:
    """Say that a domain is the organization's; it counts once an operator agrees.

    Whether others say so, too, stays unsaid. Raises InvalidInput.
    """
    try:
        name = domains.read(name)
    except ValueError as error:
        raise InvalidInput.in_field("domain", str(error)) from None
    with transaction.atomic():
        if Domain.objects.filter(organization=organization).count() >= MOST:
            words = f"An organization has at most {MOST} domains. Remove one first."
            raise InvalidInput.in_field("domain", words)
        domain, is_new = Domain.objects.get_or_create(organization=organization, name=name)
        if is_new:
            _record(actor, Action.DOMAIN_CLAIM, domain)
    return domain


@retried_when_locked
def approve(actor: Actor, domain: Domain, *, operator: User) -> None:
    """Let a domain count. The caller has made sure that this is an operator.

    Raises Conflict where it counts for another organization already.
    """
    try:
        with transaction.atomic():
            waiting = Domain.objects.filter(pk=domain.pk, approved_at__isnull=True)
            if waiting.update(approved_at=timezone.now(), approved_by=operator):
                _record(actor, Action.DOMAIN_APPROVE, domain)
    except IntegrityError as error:
        raise Conflict(
            f"{domain.name} is approved for another organization. Remove it there first.",
            log="domain approved elsewhere",
        ) from error


@retried_when_locked
def remove(actor: Actor, domain: Domain) -> None:
    """Take a domain back. Raises NotReady for the last that single sign-on stands on."""
    with transaction.atomic():
        # The provider's row is the lock that set_policy takes as well.
        providers = IdentityProvider.objects.select_for_update()
        provider = providers.filter(organization=domain.organization_id).first()
        approved = Domain.objects.filter(
            organization=domain.organization_id, approved_at__isnull=False
        )
        is_last = not approved.exclude(pk=domain.pk).exists()
        if provider is not None and provider.mode != Mode.OFF and is_last:
            raise NotReady(
                "Without this domain nobody could sign in. Switch single sign-on off first."
            )
        if Domain.objects.filter(pk=domain.pk).delete()[0]:
            _record(actor, Action.DOMAIN_REMOVE, domain)


def _record(actor: Actor, action: Action, domain: Domain) -> None:
    audit.record(
        actor,
        action,
        organization_id=domain.organization_id,
        object_id=domain.id,
        object_label=domain.name,
    )
