"""What can be done to an organization's identity provider."""

import hashlib
from dataclasses import asdict, dataclass, field

from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django.utils import timezone

from audit import services as audit
from audit.actions import Action
from audit.actors import Actor
from orgs.models import Organization
from orgs.roles import Role
from redisgate.lib.write_lock import retried_when_locked
from sso.models import Domain, IdentityProvider, Mode, Protocol, key_of
from sso.refusals import NotReady


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """How a provider is reached, and what tells its word from anybody else's."""

    protocol: Protocol
    name: str
    issuer: str
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    sign_in_url: str = ""
    certificate: str = ""
    addresses_are_managed: bool = False


@retried_when_locked
def connect(actor: Actor, organization: Organization, wish: Connection) -> IdentityProvider:
    """Connect a provider, or change the connection; what was looked up is in ``wish`` already.

    A changed connection is off until somebody has tested it. Links to people of another provider
    end, because its names for people mean others.
    """
    with transaction.atomic():
        row = IdentityProvider.objects.select_for_update().filter(organization=organization).first()
        before = _shown(row)
        is_other_provider = row is not None and (row.protocol, row.issuer) != (
            wish.protocol,
            wish.issuer,
        )
        row = row or IdentityProvider(organization=organization)
        is_renamed_at_most = _decisive(row) == _decisive(wish)
        for name, value in asdict(wish).items():
            setattr(row, name, value)
        if not is_renamed_at_most:
            row.mode, row.tested_at, row.connected_at = Mode.OFF, None, timezone.now()
        row.save()
        if is_other_provider:
            _unlink(organization)
        _record(
            actor,
            Action.SSO_UPDATE if before else Action.SSO_CONNECT,
            organization,
            before=before,
            after=_shown(row),
            secret_changed=not is_renamed_at_most,
        )
    return row


@retried_when_locked
def set_policy(actor: Actor, organization: Organization, *, mode: Mode, default_role: Role) -> None:
    """Say who gets in through the provider, and as what.

    Raises NotReady before a test and without an approved domain.
    """
    with transaction.atomic():
        row = hold(organization)
        before = {"mode": row.mode, "default_role": row.default_role}
        after = {"mode": mode.value, "default_role": role_to_join(default_role).value}
        if mode != Mode.OFF:
            _refuse_unready(row)
        if before == after:
            return
        row.mode, row.default_role = mode, default_role
        row.save(update_fields=["mode", "default_role", "updated_at"])
        _record(actor, Action.SSO_UPDATE, organization, before=before, after=after)


@retried_when_locked
def note_test(actor: Actor, row: IdentityProvider, address: str) -> None:
    """Write down that somebody has signed in at the provider."""
    with transaction.atomic():
        row.tested_at = timezone.now()
        row.save(update_fields=["tested_at"])
        _record(actor, Action.SSO_TEST, row.organization, signed_in=address)


@retried_when_locked
def disconnect(actor: Actor, organization: Organization) -> None:
    """End single sign-on; people stay members and log in with a password, which mail gives them.

    One that is gone already stays gone.
    """
    with transaction.atomic():
        row = IdentityProvider.objects.filter(organization=organization).first()
        if row is None:
            return
        before = _shown(row)
        row.delete()
        _unlink(organization)
        _record(actor, Action.SSO_DISCONNECT, organization, before=before)


def forget(organization: Organization) -> None:
    """Clear away what django-allauth keeps of an organization that goes."""
    _unlink(organization)


def hold(organization: Organization) -> IdentityProvider:
    """Read the provider under lock. Raises NotReady where there is none."""
    row = IdentityProvider.objects.select_for_update().filter(organization=organization).first()
    if row is None:
        raise NotReady("Connect an identity provider first.", log="no identity provider")
    return row


def role_to_join(role: Role) -> Role:
    """Return the role, which is anything but owner."""
    if role is Role.OWNER:
        raise NotReady("Nobody becomes an owner by signing in. Choose another role.")
    return role


def _refuse_unready(row: IdentityProvider) -> None:
    if row.tested_at is None:
        raise NotReady("Test the sign-in first: nobody has come back from the provider yet.")
    domains = Domain.objects.filter(organization=row.organization_id, approved_at__isnull=False)
    if not domains.exists():
        raise NotReady(
            "Add a domain of your email addresses first, and have an operator approve it."
        )


def _unlink(organization: Organization) -> None:
    SocialAccount.objects.filter(provider=key_of(organization.id)).delete()


def _decisive(connection: Connection | IdentityProvider) -> tuple[object, ...]:
    """Give everything that decides whose word is taken, and for what."""
    names = ("protocol", "issuer", "client_id", "client_secret", "sign_in_url", "certificate")
    return tuple(getattr(connection, name) for name in (*names, "addresses_are_managed"))


def _shown(row: IdentityProvider | None) -> dict[str, object]:
    """Give what the audit log may hold."""
    if row is None:
        return {}
    names = ("protocol", "name", "issuer", "client_id", "sign_in_url", "addresses_are_managed")
    certificate = hashlib.sha256(row.certificate.encode()).hexdigest()[:16]
    return {
        **{name: str(getattr(row, name)) for name in names},
        **({"certificate": certificate} if row.certificate else {}),
    }


def _record(actor: Actor, action: Action, organization: Organization, **changes: object) -> None:
    audit.record(
        actor,
        action,
        organization_id=organization.id,
        object_id=organization.id,
        object_label=organization.name,
        changes=changes,
    )
