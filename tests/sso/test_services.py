"""What changes when an owner changes the provider, and what never does."""

from dataclasses import replace
from functools import partial

import pytest
from allauth.socialaccount.models import SocialAccount
from django.db import IntegrityError, connection, transaction

from audit.actions import Action
from audit.models import AuditEvent
from orgs import deletion
from orgs.roles import Role
from redisgate.lib.errors import Conflict, InvalidInput
from sso import domain_services, services
from sso.models import Domain, IdentityProvider, Mode, Protocol
from sso.refusals import NotReady
from sso.services import Connection
from tests.conftest import Cast, actor
from tests.sso.answers import come_back, said
from tests.sso.conftest import Acme

pytestmark = pytest.mark.django_db

SECRET = "canary-of-the-client"
WISH = Connection(
    protocol=Protocol.OIDC,
    name="Acme ID",
    issuer="https://id.acme.example",
    client_id="redisgate",
    client_secret=SECRET,
)


def test_secret_is_sealed_and_stands_in_no_event(cast: Cast) -> None:
    row = services.connect(actor(cast.owner), cast.acme, WISH)
    with connection.cursor() as cursor:
        cursor.execute("SELECT client_secret FROM sso_identityprovider")
        (stored,) = cursor.fetchone()
    assert SECRET not in stored
    assert IdentityProvider.objects.get().client_secret == SECRET
    assert SECRET not in str(list(AuditEvent.objects.values())) + repr(WISH) + str(row)


def test_new_connection_is_off_until_it_was_tested(cast: Cast) -> None:
    row = services.connect(actor(cast.owner), cast.acme, WISH)
    domain = domain_services.claim(actor(cast.owner), cast.acme, "acme.example")
    domain_services.approve(actor(cast.outsider), domain, operator=cast.outsider)
    require = partial(services.set_policy, mode=Mode.REQUIRED, default_role=Role.VIEWER)
    with pytest.raises(NotReady, match="Test the sign-in"):
        require(actor(cast.owner), cast.acme)
    services.note_test(actor(cast.owner), row, "olivia@acme.example")
    require(actor(cast.owner), cast.acme)
    assert IdentityProvider.objects.get().mode == Mode.REQUIRED


def test_nothing_is_switched_on_without_an_approved_domain(acme: Acme) -> None:
    Domain.objects.update(approved_at=None)
    with pytest.raises(NotReady, match="domain"):
        services.set_policy(
            actor(acme.cast.owner), acme.cast.acme, mode=Mode.REQUIRED, default_role=Role.VIEWER
        )


@pytest.mark.parametrize(
    "change",
    [
        {"issuer": "https://evil.example"},
        {"client_id": "other"},
        {"client_secret": "other"},
        {"addresses_are_managed": True},
        {"protocol": Protocol.SAML, "certificate": "AAAA"},
    ],
)
def test_changed_connection_must_be_tested_anew(acme: Acme, change: dict[str, object]) -> None:
    same = replace(WISH, client_secret="sealed-at-rest")
    services.connect(actor(acme.cast.owner), acme.cast.acme, replace(same, **change))  # type: ignore[arg-type]
    row = IdentityProvider.objects.get()
    assert (row.mode, row.tested_at) == (Mode.OFF, None)
    assert row.connected_at > acme.provider.connected_at


def test_new_name_changes_nothing_else(acme: Acme) -> None:
    same = replace(WISH, client_secret="sealed-at-rest", name="Acme Login")
    services.connect(actor(acme.cast.owner), acme.cast.acme, same)
    row = IdentityProvider.objects.get()
    assert (row.name, row.mode, row.tested_at) == (
        "Acme Login",
        Mode.OPTIONAL,
        acme.provider.tested_at,
    )


def test_other_issuer_means_other_people(acme: Acme) -> None:
    come_back(acme.provider.key, said("nina@acme.example"))
    same = replace(WISH, client_secret="sealed-at-rest")
    services.connect(actor(acme.cast.owner), acme.cast.acme, same)
    assert SocialAccount.objects.count() == 1
    other = replace(same, issuer="https://other.example")
    services.connect(actor(acme.cast.owner), acme.cast.acme, other)
    assert not SocialAccount.objects.exists()


def test_nobody_becomes_an_owner_by_signing_in(acme: Acme) -> None:
    with pytest.raises(NotReady, match="owner"):
        services.set_policy(
            actor(acme.cast.owner), acme.cast.acme, mode=Mode.OPTIONAL, default_role=Role.OWNER
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        IdentityProvider.objects.update(default_role=Role.OWNER)


def test_database_lets_nothing_untested_be_used(acme: Acme) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        IdentityProvider.objects.update(tested_at=None)


def test_disconnecting_ends_links_and_is_quiet_the_second_time(acme: Acme) -> None:
    come_back(acme.provider.key, said("nina@acme.example"))
    for _ in range(2):
        services.disconnect(actor(acme.cast.owner), acme.cast.acme)
    assert not IdentityProvider.objects.exists()
    assert not SocialAccount.objects.exists()
    assert AuditEvent.objects.filter(action=Action.SSO_DISCONNECT).count() == 1


def test_deleted_organization_takes_its_links_along(acme: Acme) -> None:
    come_back(acme.provider.key, said("nina@acme.example"))
    deletion.delete(actor(acme.cast.owner), acme.cast.acme)
    assert not SocialAccount.objects.exists()
    assert not Domain.objects.exists()


def test_domain_counts_for_one_organization(acme: Acme) -> None:
    cast = acme.cast
    theirs = domain_services.claim(actor(cast.outsider), cast.globex, "ACME.example.")
    with pytest.raises(Conflict, match="another organization"):
        domain_services.approve(actor(cast.admin), theirs, operator=cast.admin)
    theirs.refresh_from_db()
    assert theirs.approved_at is None


@pytest.mark.parametrize(
    "name", ["", "acme", "a b.example", "gmail.com", "acme..example", "-a.example", "acmé.example"]
)
def test_odd_and_public_domains_are_refused(cast: Cast, name: str) -> None:
    with pytest.raises(InvalidInput):
        domain_services.claim(actor(cast.owner), cast.acme, name)
    assert not Domain.objects.exists()


def test_last_domain_stays_while_people_sign_in_by_it(acme: Acme) -> None:
    domain = Domain.objects.get()
    with pytest.raises(NotReady, match="Switch single sign-on off first"):
        domain_services.remove(actor(acme.cast.owner), domain)
    acme.provider.mode = Mode.OFF
    acme.provider.save()
    domain_services.remove(actor(acme.cast.owner), domain)
    assert AuditEvent.objects.get(action=Action.DOMAIN_REMOVE).object_label == "acme.example"
