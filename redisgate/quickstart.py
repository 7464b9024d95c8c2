"""One person, organization, instance and API key, ready to use.

What was made is remembered in a file that only the owner may read, so that a second call
gives the same again.
"""

import fcntl
import json
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from uuid import UUID

from django.conf import settings

from accounts import email_addresses
from accounts.models import User
from apikeys import services as key_services
from apikeys import terms, verification
from apikeys.models import ApiKey
from audit.actors import Actor, Means
from instances import connection
from instances import services as instance_services
from instances.models import Instance
from instances.presets import Purpose
from instances.states import Status, Wish
from orgs import onboarding
from orgs.models import Organization

NAME = "quickstart"
EMAIL = "quickstart@localhost"
MEMORY_MB = 64
SCOPES = ("read", "write")


@dataclass(kw_only=True)
class Kit:
    """Everything that a program needs, and what a person needs to sign in."""

    email: str = EMAIL
    password: str = field(default="", repr=False)
    organization_id: str = ""
    instance_id: str = ""
    url: str = ""
    token: str = field(default="", repr=False)
    redis_url: str = field(default="", repr=False)


@contextmanager
def remembered() -> Iterator[Kit]:
    """Give what an earlier call made, and keep what this one makes; one call at a time."""
    path = Path(settings.DATA_DIR) / "quickstart.json"
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(handle, "r+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        kit = Kit(**json.loads(file.read() or "{}"))
        try:
            yield kit
        finally:
            file.seek(0)
            file.truncate()
            json.dump(asdict(kit), file, indent=1)


def assemble(
    kit: Kit, *, memory_mb: int | None, rate_limit: int | None, warn: Callable[[str], object]
) -> tuple[Instance, ApiKey]:
    """Fill the kit with what exists, and make what is missing.

    Raises what the rooms' services raise: QuotaExceeded, InvalidInput, Conflict. ``warn`` gets
    a sentence where something that worked until now is replaced.
    """
    _check(rate_limit)
    user = person(kit)
    actor = Actor(user_id=user.id, label=user.email, means=Means.COMMAND)
    organization = onboarding.landing_organization(user)
    kit.organization_id = str(organization.id)
    instance = _instance(actor, organization, memory_mb)
    kit.instance_id, kit.url = str(instance.id), connection.http_url(instance)
    key = _key(actor, organization, kit, rate_limit, warn)
    note_address(kit, instance, key.prefix)
    return instance, key


def note_address(kit: Kit, instance: Instance, user: str) -> None:
    """Write down where native clients connect; a port that was taken meanwhile is another now."""
    instance.refresh_from_db(fields=["port"])
    kit.redis_url = connection.redis_url(instance, user=user, password=kit.token)


def _check(rate_limit: int | None) -> None:
    """Refuse what no key can have, before the key that works is touched."""
    terms.check(
        name=NAME,
        scopes=SCOPES,
        instances=None,
        key_patterns=(),
        expires_at=None,
        rate_limit=terms.DEFAULT_RATE_LIMIT if rate_limit is None else rate_limit,
    )


def person(kit: Kit) -> User:
    """Give the kit's person, made where there is none, with a password that the kit knows."""
    user = User.objects.filter(email=EMAIL).first()
    if user is None:
        kit.password = secrets.token_urlsafe(15)
        user = User.objects.create_user(username=NAME, email=EMAIL, password=kit.password)
    elif not kit.password:
        kit.password = secrets.token_urlsafe(15)
        user.set_password(kit.password)
        user.save(update_fields=["password"])
    email_addresses.take_word_for(user)
    return user


def _instance(actor: Actor, organization: Organization, memory_mb: int | None) -> Instance:
    mine = Instance.objects.filter(organization=organization, name=NAME)
    instance = mine.exclude(wish=Wish.DELETED).first()
    if instance is None:
        return instance_services.create(
            actor,
            organization,
            name=NAME,
            memory_mb=memory_mb or MEMORY_MB,
            purpose=Purpose.STORE,
        )
    if instance.wish == Wish.STOPPED or instance.status == Status.ERROR:
        instance_services.start(actor, instance)
    return instance


def _key(
    actor: Actor,
    organization: Organization,
    kit: Kit,
    rate_limit: int | None,
    warn: Callable[[str], object],
) -> ApiKey:
    """Keep the remembered key while it fits; otherwise one of its kind takes its place."""
    key = _valid_key(kit, organization)
    if key is not None and rate_limit in {None, key.rate_limit}:
        return key
    for former in ApiKey.objects.filter(organization=organization, name=NAME, revoked_at=None):
        key_services.revoke(actor, former)
        warn("The former key is revoked: give your programs the new one.")
    key, kit.token = key_services.create(
        actor,
        organization,
        name=NAME,
        scopes=SCOPES,
        instances=[UUID(kit.instance_id)],
        rate_limit=rate_limit,
    )
    return key


def _valid_key(kit: Kit, organization: Organization) -> ApiKey | None:
    try:
        verified = verification.verify(kit.token)
    except verification.KeyRefused:
        return None
    if not verification.may_use(
        verified, instance_id=UUID(kit.instance_id), organization_id=organization.id
    ):
        return None
    return ApiKey.objects.filter(pk=verified.key_id).first()
