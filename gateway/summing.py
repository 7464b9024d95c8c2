"""Add tallies up: into the usage of keys, and into metrics."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.conf import settings

from apikeys import verification
from apikeys.usage import Amounts, LastUse, Secret, Slot
from gateway.call import Head
from gateway.counting import PATH, Taken, Tally
from gateway.errors import AddressNotAllowed
from gateway.upstream import Statistics
from observability import metrics

CLIENT_LENGTH = 60
UNWANTED = re.compile(r"[^A-Za-z0-9 ._@/+:;,()-]+")


def usage_of(taken: Taken, at: datetime) -> tuple[dict[Slot, Amounts], dict[UUID, LastUse]]:
    """Give what each key did on each instance, and its last use.

    An attempt from where a key may not be used is an error and no use.
    """
    hour = at.replace(minute=0, second=0, microsecond=0)
    amounts: dict[Slot, Amounts] = {}
    last: dict[UUID, LastUse] = {}
    for tally in taken.tallies:
        if not _belongs(tally):
            continue
        assert tally.principal is not None
        assert tally.target is not None
        key_id = tally.principal.key_id
        slot = Slot(key_id, tally.target.instance_id, hour)
        amounts.setdefault(slot, Amounts()).add(_amounts(tally))
        if tally.what != AddressNotAllowed.code:
            last[key_id] = _use(tally, at)
    return amounts, last


def secrets_of(taken: Taken, at: datetime) -> dict[Secret, datetime]:
    """Give who used which secret of the keys that have two."""
    return {
        Secret(tally.principal.key_id, tally.principal.rotating_hint, use.address, use.client): at
        for tally in taken.tallies
        if tally.principal is not None and tally.principal.rotating_hint
        if _belongs(tally) and tally.what != AddressNotAllowed.code
        for use in (_use(tally, at),)
    }


def _use(tally: Tally, at: datetime) -> LastUse:
    return LastUse(at, tally.address[:45], _client(tally.head))


def _belongs(tally: Tally) -> bool:
    """Tell whether the key had any business there; others don't show up in its usage."""
    if tally.principal is None or tally.target is None or tally.status == 401:
        return False
    target = tally.target
    return verification.may_use(
        tally.principal, instance_id=target.instance_id, organization_id=target.organization_id
    )


def _amounts(tally: Tally) -> Amounts:
    requests = tally.requests
    commands, errors = _answered(tally, requests)
    errors = requests if tally.is_refusal else errors
    return Amounts(requests, commands, errors, tally.bytes_in, tally.bytes_out)


def _answered(tally: Tally, requests: int) -> tuple[int, int]:
    """Give the commands that were answered, and how many of them with an error."""
    if tally.is_refusal:
        return 0, 0
    if tally.is_batch:
        return tally.commands, tally.errors
    return requests, requests if tally.status >= 400 else 0


def _client(head: Head) -> str:
    """Give what the client calls itself, harmless and short."""
    headers = head.headers
    name = headers.get(b"upstash-telemetry-sdk") or headers.get(b"user-agent") or b""
    return UNWANTED.sub(" ", name[:200].decode("latin-1")).strip()[:CLIENT_LENGTH]


@dataclass(slots=True)
class _Group:
    """Tallies that look alike to the metrics, which know neither keys nor instances."""

    first: Tally
    requests: int = 0
    commands: int = 0
    errors: int = 0
    seconds: float = 0.0
    columns: list[list[int]] = field(default_factory=list)
    """The buckets of each tally."""

    def add(self, tally: Tally) -> None:
        requests = tally.requests
        commands, errors = _answered(tally, requests)
        self.requests += requests
        self.commands += commands
        self.errors += errors
        self.seconds += tally.seconds
        self.columns.append(tally.buckets)

    @property
    def buckets(self) -> list[int]:
        return [sum(counts) for counts in zip(*self.columns, strict=True)]


def count(taken: Taken) -> None:
    """Add to the metrics."""
    commands, errors = Counter(taken.batched), Counter(taken.batched_errors)
    for group in _groups(taken.tallies):
        tally, requests, buckets = group.first, group.requests, group.buckets
        _count_http(group, buckets)
        if tally.status == 401:
            metrics.KEY_FAILURES.inc(requests)
        elif tally.principal is not None:
            metrics.KEY_REQUESTS.labels(_outcome(tally)).inc(requests)
        if tally.is_refusal:
            metrics.REFUSALS.labels(tally.what).inc(requests)
            continue
        metrics.COMMAND_DURATION.labels(tally.what).add(buckets, group.seconds)
        if not tally.is_batch:
            commands[tally.what] += group.commands
            errors[tally.what] += group.errors
    _count_commands(commands, errors)


def _groups(tallies: Iterable[Tally]) -> Iterable[_Group]:
    """Put together what has the same labels: each of them costs a search and a lock."""
    groups: dict[tuple[object, ...], _Group] = {}
    for tally in tallies:
        kind = (tally.what, tally.method, tally.status, tally.is_refusal, tally.is_batch)
        labels = (*kind, tally.principal is None, bool(tally.errors))
        group = groups.get(labels)
        if group is None:
            group = groups[labels] = _Group(tally)
        group.add(tally)
    return groups.values()


def _count_http(group: _Group, buckets: Sequence[int]) -> None:
    tally, requests = group.first, group.requests
    status = str(tally.status)
    metrics.HTTP_REQUESTS.labels(tally.method, PATH, status).inc(requests)
    if tally.status >= 500:
        metrics.HTTP_ERRORS.labels(tally.method, PATH, status).inc(requests)
    metrics.HTTP_SECONDS.labels(tally.method, PATH).add(buckets, group.seconds)


def _outcome(tally: Tally) -> str:
    if tally.is_refusal:
        return "refused"
    return "error" if tally.errors or tally.status >= 400 else "ok"


def _count_commands(commands: Counter[str], errors: Counter[str]) -> None:
    for name, number in commands.items():
        metrics.COMMANDS.labels(name).inc(number)
    for name, number in errors.items():
        if number:
            metrics.COMMAND_ERRORS.labels(name).inc(number)


def count_connections(now: Statistics, before: Statistics | None) -> None:
    """Add what happened to connections and circuit breakers since before."""
    metrics.CONNECTIONS.set(now.connections_active)
    metrics.FULLEST.set(now.connections_of_fullest / settings.GATEWAY_LIMITS.connections)
    metrics.CIRCUITS_OPEN.set(now.circuits_open)
    for name, counter in metrics.BY_STATISTIC.items():
        counter.inc(getattr(now, name) - (0 if before is None else getattr(before, name)))
