"""Who is connected to an instance, and who was refused, in words for its people."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from asgiref.sync import async_to_sync
from channels.db import database_sync_to_async
from django.utils import timezone

from instances import acl_names, own_costs, witnessing
from instances.drivers import driver
from instances.models import Instance
from instances.simulation import PROBLEM, WAY_OUT
from instances.spec_of_row import address_spec_of
from instances.states import Status
from instances.witness import Refusal, Visitor
from instances.witness_words import Told, tell_refusal, tell_visitor
from instances.witnessing import Away, Pay, Place, Seen
from redisgate.lib.errors import Conflict, Unavailable

WATCH_SECONDS = 300
REFUSED_SECONDS = 3600
"""How far back somebody who only looks is told of refusals."""


class NotRunning(Conflict):
    """Only a server that runs can be asked."""

    code = "instance_not_running"


@dataclass(frozen=True, slots=True)
class Event:
    """What happened when, in words."""

    told: Told
    at: datetime
    visitor: Visitor | None = None
    refusal: Refusal | None = None
    key: str = ""


@dataclass(frozen=True, slots=True)
class Connections:
    """What one look or one moment of a watch has shown, the youngest first."""

    visitors: tuple[Event, ...] = ()
    refusals: tuple[Event, ...] = ()
    after_ms: float | None = None


def look(instance: Instance, *, since_seconds: float = REFUSED_SECONDS) -> Connections:
    """Say who is connected now, and who was refused of late.

    Raises NotRunning, and Unavailable where the server doesn't answer.
    """
    place = place_of(instance)
    try:
        seen = async_to_sync(witnessing.look)(
            place, since_seconds=since_seconds, pay=_pay_for(instance)
        )
    except Away as error:
        raise Unavailable(
            "The server doesn't answer right now. Try again in a moment.",
            log=f"{instance.pk} doesn't answer: {error}",
            retry_after_seconds=1,
        ) from error
    return _in_words(instance, seen)


async def watch(instance: Instance) -> AsyncIterator[Connections]:
    """Tell of refusals and of the first connection; raises Away where nobody answers."""
    place, pay = place_of(instance), _pay_for(instance)
    async for seen in witnessing.watch(place, seconds=WATCH_SECONDS, pay=pay):
        yield await database_sync_to_async(_in_words)(instance, seen)


def place_of(instance: Instance) -> Place:
    """Say where the instance's server listens to the platform; raises NotRunning."""
    endpoint = driver(instance.provisioner).endpoint(address_spec_of(instance))
    if endpoint.is_simulated:
        raise NotRunning(f"{PROBLEM} {WAY_OUT}")
    if instance.status != Status.RUNNING or endpoint.socket_path is None:
        raise NotRunning(
            f"{instance.name} doesn't run, so nobody can connect. Start it, or wait until it runs."
        )
    return Place(endpoint.socket_path, instance.admin_password)


def _pay_for(instance: Instance) -> Pay:
    return database_sync_to_async(partial(own_costs.tell, instance.pk))


def _in_words(instance: Instance, seen: Seen) -> Connections:
    users = {each.user for each in seen.visitors} | {each.user for each in seen.refusals}
    keys = acl_names.of(instance.organization_id, users)
    now = timezone.now()

    def ago(seconds: float) -> datetime:
        return now - timedelta(seconds=seconds)

    return Connections(
        tuple(
            Event(
                tell_visitor(each, keys),
                ago(each.age_seconds),
                visitor=each,
                key=keys.get(each.user, ""),
            )
            for each in seen.visitors
        ),
        tuple(
            Event(
                tell_refusal(each, keys),
                ago(each.age_seconds),
                refusal=each,
                key=keys.get(each.user, ""),
            )
            for each in seen.refusals
        ),
        seen.after_ms,
    )
