"""What else than a role decides who enters an organization: rooms above post doorkeepers here.

A doorkeeper judges by a membership and what hangs on it. It names the relation that it reads, so
that one query brings that along, however many are judged.
"""

from collections.abc import Callable

from django.db.models import Manager, QuerySet

from accounts.models import User
from orgs.models import Membership
from redisgate.lib.errors import RedisGateError

Judge = Callable[[Membership, User], RedisGateError | None]

_posted: dict[str, Judge] = {}


def post(judge: Judge, *, reads: str) -> None:
    """Have a judge asked at each entry; ``reads`` is a relation as for select_related."""
    _posted[reads] = judge


def with_what_they_read(memberships: "Manager[Membership]") -> QuerySet[Membership]:
    return memberships.select_related("organization", *_posted)


def refusal(membership: Membership, user: User) -> RedisGateError | None:
    """Return the first objection to somebody's entry."""
    return next(filter(None, (judge(membership, user) for judge in _posted.values())), None)
