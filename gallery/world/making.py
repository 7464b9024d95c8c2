"""Put the world together, the past before the present."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult, get_date_max

from accounts.models import User
from audit.actors import SYSTEM
from gallery.world import figures, history, instances, keys, people, servers
from gallery.world.clock import ago
from gallery.world.people import People, actor
from instances import services as instance_services
from instances.models import Host, Instance, Lease
from instances.presets import Purpose
from mail.delivery import deliver
from managementkeys import services as management_keys
from metering.models import Interval
from orgs import access, deletion, services, suspension
from orgs.invitations import services as invitations
from orgs.models import Membership, Organization
from orgs.roles import Permission, Role
from quotas import services as quotas
from quotas.models import InstanceQuota
from sso.models import Domain

MANY = 500
EVENTS = 320
LONG_NAME = "Vereinigte Straßenverkehrsüberwachungsgesellschaft für den Norden und Osten mbH"
LOGGED_IN = (
    *(
        "owner",
        "admin",
        "developer",
        "viewer",
        "operator",
        "newcomer",
        "homeless",
        "secured",
        "keyed",
        "long",
    ),
)
REASON = "The invoice of September is open. Write to billing@redisgate.example."


def make() -> dict[str, Any]:
    """Make everything; give the names that addresses need, and the cookies of the people."""
    cast = people.make()
    with ago(days=31):
        facts = _organizations(cast)
    facts |= _small(cast, Organization.objects.get(slug=facts["acme"]))
    facts |= _full(cast, Organization.objects.get(slug=facts["northwind"]))
    facts |= _strange(cast)
    facts |= _closed(cast)
    facts |= _for_operators(cast)
    # Nobody holds it any more, and pages would say so.
    Lease.objects.update(holder="gallery", expires_at=timezone.now() + timedelta(days=1))
    return {
        "facts": facts,
        "sessions": {name: people.session_of(getattr(cast, name)) for name in LOGGED_IN},
    }


def _organization(owner: User, name: str, description: str = "") -> Organization:
    return services.create(actor(owner), owner=owner, name=name, description=description)


def _organizations(cast: People) -> dict[str, str]:
    """Found those that people look at, the one where they land first."""
    words = "Kettles, cups and everything for tea, shipped from Malmö."
    made = {
        "acme": _organization(cast.owner, "Acme", words),
        "northwind": _organization(cast.owner, "Northwind Trading", "All of our shops."),
        "states": _organization(cast.owner, "Every state"),
        "fresh": _organization(cast.newcomer, "Nora's organization"),
        "operations": _organization(cast.operator, "Operations"),
    }
    for organization in (made["acme"], made["northwind"]):
        for user, role in (
            (cast.admin, Role.ADMIN),
            (cast.developer, Role.DEVELOPER),
            (cast.viewer, Role.VIEWER),
        ):
            Membership.objects.create(organization=organization, user=user, role=role)
    return {name: organization.slug for name, organization in made.items()}


def _small(cast: People, acme: Organization) -> dict[str, str]:
    """Give Acme its one real server, with data, figures and keys that were used."""
    by = actor(cast.owner)
    with ago(days=12):
        made = instance_services.create(by, acme, name="shop", memory_mb=64, purpose=Purpose.STORE)
    with servers.controller():
        servers.wait_for(made)
        various = keys.various(by, acme)
        servers.wait_for(made)
        servers.fill(made)
    Interval.objects.filter(organization=acme, ended_at=None).update(started_at=made.created_at)
    figures.full_past(made)
    keys.used(various[:5], [made], every_hours=1)
    invitations.invite(by, acme, email="petra@example.com", role=Role.DEVELOPER)
    entered = access.enter(cast.owner, acme.slug, Permission.MANAGEMENT_KEY_EDIT)
    key, _ = management_keys.create(by, entered, name="terraform", role=Role.ADMIN)
    Domain.objects.create(organization=acme, name="acme.example")
    event = history.newest(acme)
    member = Membership.objects.get(organization=acme, user=cast.developer)
    return {
        "shop": str(made.pk),
        "key": str(various[0].pk),
        "revoked_key": str(various[-1].pk),
        "rotated_key": str(keys.rotated(by, acme)),
        "management_key": str(key.pk),
        "event": str(event.pk),
        "member": str(member.pk),
    }


def _full(cast: People, northwind: Organization) -> dict[str, str]:
    """Fill Northwind to 82 % of its instances and 97 % of its memory."""
    by = actor(cast.owner)
    quotas.set_limits(SYSTEM, northwind, instances=610, memory_mb=10**6, api_keys=60)
    with ago(days=30):
        made_keys = keys.many(by, northwind, 42)
        made = instances.many(northwind, MANY)
        _add_crowd(cast, northwind)
    Interval.objects.filter(organization=northwind).update(
        started_at=timezone.now() - timedelta(days=20)
    )
    used = InstanceQuota.objects.get(organization=northwind).memory_mb_used
    quotas.set_limits(SYSTEM, northwind, memory_mb=round(used / 0.97))
    history.month_of_events(northwind, [cast.owner, cast.admin, cast.developer], count=EVENTS)
    figures.last_hours(made[:30])
    keys.used(made_keys[:12], made, every_hours=3)
    history.sealed_months(northwind, made[:40])
    return {"one_of_many": str(made[0].pk)}


def _add_crowd(cast: People, northwind: Organization) -> None:
    Membership.objects.bulk_create(
        Membership(organization=northwind, user=user, role=Role.DEVELOPER) for user in cast.crowd
    )
    for number in range(6):
        address = f"colleague{number}@northwind.example"
        with ago(days=2 + number):
            invitations.invite(actor(cast.owner), northwind, email=address, role=Role.VIEWER)


def _strange(cast: People) -> dict[str, str]:
    states = Organization.objects.get(name="Every state")
    quotas.set_limits(SYSTEM, states, instances=20)
    found = {f"in_{name}": pk for name, pk in instances.every_state(states).items()}
    long = _organization(cast.owner, LONG_NAME)
    quotas.set_limits(SYSTEM, long, instances=10)
    found["long"], found["long_instance"] = long.slug, instances.strange(long)
    quotas.set_limits(SYSTEM, long, instances=len(instances.STRANGE_NAMES))
    found["long_key"] = keys.strange(actor(cast.owner), long)
    for name in ("شركة التجارة الشمالية", "החברה לסחר 🚢"):
        _organization(cast.owner, name)
    return found


def _closed(cast: People) -> dict[str, str]:
    """Suspend one, and leave another in the middle of being deleted."""
    suspended = _organization(cast.owner, "Initech")
    reports = instances.row(suspended, "reports")
    suspension.suspend(actor(cast.operator), suspended, reason=REASON)
    Instance.objects.filter(pk=reports.pk).update(status="stopped", health="unknown")
    leaving = _organization(cast.owner, "Old Ventures")
    instances.row(leaving, "archive")
    deletion.delete(actor(cast.owner), leaving)
    Instance.objects.filter(organization=leaving).update(status="deleting", health="unknown")
    return {"suspended": suspended.slug, "leaving": leaving.slug}


def _for_operators(cast: People) -> dict[str, str]:
    """Say which rows stand for all of their kind in the admin."""
    northwind = Organization.objects.get(name="Northwind Trading")
    plan = InstanceQuota.objects.get(organization=northwind).plan
    passkey = Authenticator.objects.get(user=cast.keyed, type=Authenticator.Type.WEBAUTHN)
    return {
        "northwind_id": str(northwind.pk),
        "person": str(cast.viewer.pk),
        "plan": str(plan and plan.pk),
        "passkey": str(passkey.pk),
        "domain": str(Domain.objects.get().pk),
        "host": Host.objects.get().pk,
        "letter": str(_dead_letter()),
    }


def _dead_letter() -> UUID:
    """Keep a mail that was refused for good, as a mail server does with a mistyped address."""
    row = DBTaskResult.objects.create(
        status=TaskResultStatus.FAILED,
        args_kwargs={"args": ["a sealed letter"], "kwargs": {}},
        task_path=deliver.module_path,
        worker_ids=["machine:1:1"],
        backend_name="default",
        run_after=get_date_max(),
        started_at=timezone.now(),
        finished_at=timezone.now(),
        exception_class_path="mail.delivery.Refused",
        traceback="mail.delivery.Refused: mail to exampel.com: 550 no such user here",
    )
    return UUID(str(row.pk))
