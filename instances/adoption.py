"""Take in a server that somebody else runs, after a look at what we may do there."""

from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from time import perf_counter

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from audit.actions import Action
from audit.actors import Actor
from instances import adoption_words, dialing_pace, services, their_server, tls, validation, wishes
from instances import remote as remotes
from instances.models import EXTERNAL, Instance, TheirServer
from instances.presets import Purpose
from instances.probe import Probe, Step
from instances.provisioners import external_check
from instances.provisioners.base import Presence, ProvisionError
from instances.provisioners.external import ExternalProvisioner
from instances.provisioners.external_check import Findings
from instances.remote import BadAddress, Remote, Tls
from instances.spec import EvictionPolicy, Persistence
from instances.spec_of_row import address_spec_of
from orgs.models import Organization
from redisgate.lib import outward_guard
from redisgate.lib.errors import Conflict, Forbidden, InvalidInput
from redisgate.lib.write_lock import retried_when_locked


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What a person says about the server. Certificates and the key are PEM."""

    url: str = field(repr=False)
    password: str = field(default="", repr=False)
    """Counts where the URL holds none."""
    ca_certificate: str = ""
    server_name: str = ""
    client_certificate: str = ""
    client_key: str = field(default="", repr=False)
    manage_users: bool = False

    @property
    def is_tls(self) -> bool:
        return self.url.startswith("rediss:")


class NotAllowedHere(Forbidden):
    """The operator has switched adopting off."""

    code = "external_instances_off"


def check(actor: Actor, place: Place, *, of: Instance | None = None) -> Findings:
    """Connect, log in and look, and change nothing.

    Raises InvalidInput in words, TooManyDials.

    ``of`` is the instance whose address is going to change: its password needs no typing again.
    """
    dialing_pace.take(actor)
    return _judged(_remote(place, of), place)


@retried_when_locked
def adopt(
    actor: Actor,
    organization: Organization,
    *,
    name: str,
    place: Place,
    slug: str | None = None,
    expires_at: datetime | None = None,
) -> Instance:
    """Make an instance of somebody else's server; its memory is theirs and counts as none.

    Raises InvalidInput, Conflict for a name or slug in use, QuotaExceeded, NotAllowedHere.
    """
    wished_slug = None if slug is None else validation.slug(slug)
    instance = Instance(
        organization=organization,
        name=validation.name(name),
        memory_mb=0,
        expires_at=validation.expires_at(expires_at),
        provisioner=EXTERNAL,
    )
    dialing_pace.take(actor)
    remote = _remote(place, None)
    findings = _judged(remote, place)
    _describe(instance, findings)
    with transaction.atomic():
        services.insert(instance, wished_slug)
        TheirServer(instance=instance, **_columns(remote, findings)).save(force_insert=True)
        wishes.record(actor, Action.INSTANCE_ADOPT, instance, **_told(remote))
    return instance


@retried_when_locked
def readdress(actor: Actor, instance: Instance, place: Place) -> None:
    """Reach the server elsewhere or as somebody else from now on.

    A password is kept only where it goes to the same server over the same kind of connection.
    Raises Conflict for an instance of our own, InvalidInput.
    """
    refuse_own(instance)
    dialing_pace.take(actor)
    remote = _remote(place, instance)
    findings = _judged(remote, place, besides=instance)
    former = their_server.remote_of(instance)
    if former is not None and _leaves_users(former, remote):
        ExternalProvisioner().destroy(address_spec_of(instance), instance.driver_state)
    _describe(instance, findings)
    with transaction.atomic():
        server = TheirServer(instance=instance, **_columns(remote, findings))
        server.save(force_update=True)
        changed = wishes.row(instance).update(
            restart_wish=F("restart_wish") + 1,
            acl_wish=F("acl_wish") + 1,
            purpose=instance.purpose,
            eviction_policy=instance.eviction_policy,
            persistence=instance.persistence,
            **wishes.FORGIVEN,
        )
        wishes.finish(actor, Action.INSTANCE_READDRESS, instance, changed, **_told(remote))
    instance.their_server = server


def probe(instance: Instance) -> Probe:
    """Connect, log in and PING, and say how it went."""
    began_at = perf_counter()
    seen = ExternalProvisioner().look(address_spec_of(instance))
    problem = "" if seen.presence is Presence.RUNNING else seen.detail
    milliseconds = (perf_counter() - began_at) * 1000
    advice = "Check the address and the password under Server." if problem else ""
    return Probe((Step("Connect, log in and PING", milliseconds, problem, advice),))


def refuse_own(instance: Instance) -> None:
    """Raise Conflict for an instance whose server is ours."""
    if not their_server.is_adopted(instance):
        raise Conflict(
            f"RedisGate runs the server of {instance.name} itself, so its address is given."
        )


def refuse_switched_off() -> None:
    """Raise NotAllowedHere where the operator wants no servers of others."""
    if not settings.EXTERNAL_INSTANCES:
        raise NotAllowedHere(
            "This platform doesn't take in servers that somebody else runs. Create an instance, "
            "or ask your operator to switch EXTERNAL_INSTANCES on."
        )


def _remote(place: Place, of: Instance | None) -> Remote:
    refuse_switched_off()
    try:
        address = remotes.read_address(place.url.strip())
        server_name = remotes.host(place.server_name) if place.server_name else ""
    except BadAddress as error:
        raise InvalidInput.in_field("url", str(error)) from None
    how = Tls(place.ca_certificate, server_name, place.client_certificate, place.client_key)
    if how != Tls() and not address.is_tls:
        raise InvalidInput.in_field(
            "url", "Certificates and a server name need TLS: write rediss://."
        )
    try:
        tls.check(how)
    except tls.BadCertificate as error:
        raise InvalidInput.in_field("ca_certificate", str(error)) from None
    remote = Remote(
        host=address.host,
        port=address.port,
        user=address.user,
        password=address.password or place.password,
        database=address.database,
        tls=how if address.is_tls else None,
        manages_users=place.manage_users,
        guard=outward_guard.guard(),
    )
    return remote if of is None else _with_known_password(remote, of)


def _with_known_password(remote: Remote, instance: Instance) -> Remote:
    """Fill in the password that was given before, but never send it anywhere else."""
    known = their_server.remote_of(instance)
    if known is None or remote.password or _target(known) != _target(remote):
        return remote
    return replace(remote, password=known.password)


def _target(remote: Remote) -> tuple[object, ...]:
    return (remote.host, remote.port, remote.user, remote.tls is None)


def _leaves_users(former: Remote, remote: Remote) -> bool:
    moves = (former.host, former.port) != (remote.host, remote.port)
    return former.manages_users and (moves or not remote.manages_users)


def _judged(remote: Remote, place: Place, *, besides: Instance | None = None) -> Findings:
    try:
        findings = external_check.check(remote, besides.pk if besides else None)
    except ProvisionError as error:
        raise InvalidInput.in_field("url", error.message) from error
    for name, words in adoption_words.refusals(findings, manages_users=place.manage_users):
        raise InvalidInput.in_field(name, words)
    return findings


def _describe(instance: Instance, findings: Findings) -> None:
    """Note what the server is, in the columns that an instance of our own is made by."""
    policies = [policy.value for policy in EvictionPolicy]
    is_known = findings.eviction_policy in policies
    policy = findings.eviction_policy if is_known else EvictionPolicy.NOEVICTION.value
    instance.eviction_policy = policy
    is_store = policy == EvictionPolicy.NOEVICTION
    instance.purpose = Purpose.STORE if is_store else Purpose.CACHE
    instance.persistence = (Persistence.AOF if findings.has_aof else Persistence.NONE).value


def _columns(remote: Remote, findings: Findings) -> dict[str, object]:
    how = remote.tls or Tls()
    return {
        "host": remote.host,
        "port": remote.port,
        "user": remote.user,
        "password": remote.password,
        "database": remote.database,
        "is_tls": remote.tls is not None,
        "ca_pem": how.ca_pem,
        "server_name": how.server_name,
        "certificate_pem": how.certificate_pem,
        "key_pem": how.key_pem,
        "manages_users": remote.manages_users,
        "findings": asdict(findings),
        "checked_at": timezone.now(),
    }


def _told(remote: Remote) -> dict[str, object]:
    """Say for the audit log where it is and what is allowed; no secret is among it."""
    return {
        "host": remote.host,
        "port": remote.port,
        "user": remote.user,
        "database": remote.database,
        "is_tls": remote.tls is not None,
        "manages_users": remote.manages_users,
    }
