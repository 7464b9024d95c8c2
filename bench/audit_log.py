"""How quick the audit log stays at a million rows, and what one event costs to write.

``python -m bench.audit_log [rows]`` on the database of DATABASE_URL, which should be an empty
one: rows are inserted by SQL, as no service would, and stay. With 0 rows it measures what an
earlier run left there.
"""

import os
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import django

if TYPE_CHECKING:
    from django.test import Client

ROUNDS = 40
GOAL_MILLISECONDS = 100
HERE: dict[str, Any] = {"SERVER_NAME": "127.0.0.1"}
"""For a client of the pages: an address that is always allowed."""
ACTIONS = 12
PEOPLE, OBJECTS = 200, 5000
"""How many there are in the inserted rows; each has its share of the million."""

SERIES = {
    "sqlite": "WITH RECURSIVE n(i) AS "
    "(SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {rows} - 1)",
    "postgresql": "WITH n(i) AS (SELECT generate_series(0, {rows} - 1))",
}
UUIDS = {
    "sqlite": "lower(printf('%08x', {number})) || '{tail}'",
    "postgresql": "(lpad(to_hex({number}), 8, '0') || '{tail}')::uuid",
}
MOMENTS = {
    "sqlite": "strftime('%Y-%m-%d %H:%M:%f', 'now', '-' || ({rows} - i) || ' seconds') || '000'",
    "postgresql": "now() - ({rows} - i) * interval '1 second'",
}
ZERO = {"sqlite": "'{}'", "postgresql": "'{}'::jsonb"}


def main() -> None:
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    organization, slug, owner = tenant() if rows else _former_tenant()
    if rows:
        fill(organization, rows)
    _measure_writing(organization)
    _measure_reading(organization, slug, owner)


def tenant() -> tuple[UUID, str, UUID]:
    """Make an organization: its id, its slug, and the id of its owner."""
    from accounts.models import User
    from audit.actors import SYSTEM
    from orgs import services

    name = f"bench-{uuid4().hex[:8]}"
    owner = User.objects.create_user(name, f"{name}@example.com", "correct horse battery")
    organization = services.create(SYSTEM, owner=owner, name=name)
    return organization.pk, organization.slug, owner.pk


def _former_tenant() -> tuple[UUID, str, UUID]:
    from orgs.models import Membership

    found = Membership.objects.select_related("organization").get()
    return found.organization_id, found.organization.slug, found.user_id


def fill(organization: UUID, rows: int) -> None:
    """Insert as many events."""
    from django.db import connection

    from audit.actions import Action

    vendor, words = connection.vendor, list(Action)[:ACTIONS]
    names = " ".join(f"WHEN {i} THEN '{each.value}'" for i, each in enumerate(words))
    types = " ".join(f"WHEN {i} THEN '{each.value.split('.')[0]}'" for i, each in enumerate(words))

    def identity(number: str, tail: int) -> str:
        text = f"-0000-4000-8000-{tail:012x}"
        tail_text = text if vendor == "postgresql" else text.replace("-", "")
        return UUIDS[vendor].format(number=number, tail=tail_text)

    moment = MOMENTS[vendor].format(rows=rows)
    mine = organization.hex if vendor == "sqlite" else str(organization)
    statement = f"""
        INSERT INTO audit_auditevent (id, sequence, at, organization_id, actor_id, actor_label,
            means, address, request_id, action, object_type, object_id, object_label, changes, hash)
        {SERIES[vendor].format(rows=rows)}
        SELECT {identity("i", organization.int & 0xFFFFFFFF)}, i + 1000, {moment},
            '{mine}', {identity(f"i % {PEOPLE}", 1)}, 'person' || (i % {PEOPLE}) || '@example.com',
            CASE WHEN i % 10 < 6 THEN 'api' WHEN i % 10 < 9 THEN 'dashboard'
                WHEN i % 100000 = 99999 THEN 'command' ELSE 'system' END,
            '203.0.113.7', 'request' || i,
            CASE i % {ACTIONS} {names} END, CASE i % {ACTIONS} {types} END,
            {identity(f"(i / 7) % {OBJECTS}", 2)}, 'object ' || ((i / 7) % {OBJECTS}),
            {ZERO[vendor]}, 'x'
        FROM n"""  # noqa: S608  numbers and constants
    began = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(statement)
        cursor.execute("ANALYZE audit_auditevent")
        if vendor == "postgresql":
            cursor.execute("VACUUM audit_auditevent")
    sys.stdout.write(f"{vendor}: {rows:,} rows in {time.perf_counter() - began:.0f} s\n")


def _measure_writing(organization: UUID) -> None:
    from audit.actions import Action
    from audit.actors import SYSTEM
    from audit.models import AuditEvent
    from audit.services import record

    what = {
        "organization_id": organization,
        "object_id": uuid4(),
        "object_label": "cache",
        "changes": {"before": {"memory_mb": 64}, "after": {"memory_mb": 128}},
    }
    say("write one event", lambda _: record(SYSTEM, Action.INSTANCE_RESIZE, **what))  # type: ignore[arg-type]
    assert AuditEvent.objects.exists()


def _measure_reading(organization: UUID, slug: str, owner: UUID) -> None:
    from django.test import Client

    from accounts import access_tokens
    from accounts.models import User

    person = User.objects.get(pk=owner)
    page, api = (
        Client(**HERE),
        Client(**HERE, HTTP_AUTHORIZATION=f"Bearer {access_tokens.issue(person)}"),
    )
    page.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    path = f"/orgs/{slug}/audit/"
    calls = f"/api/organizations/{organization}/audit-events"
    actor, thing = (
        UUID(int=(7 << 96) | 0x4000_8000_0000_0000_0001),
        UUID(int=(9 << 96) | 0x4000_8000_0000_0000_0002),
    )
    queries = {
        "newest": "",
        "one person": f"actor={actor}",
        "one object": f"object={thing}",
        "one action": "action=quota.update",
        "rare means": "means=command",
        "a day": "since=2030-01-01&until=2030-01-02",
        "three filters": "action=quota.update&means=system&object_type=quota",
        "search, found": "search=person7",
        "search, not found": "search=nothing-is-called-so",
        "deep": "cursor=CURSOR",
    }
    for name, query in queries.items():
        cursor = f"{int((time.time() - 900_000) * 1e6)}.5000"
        query = query.replace("CURSOR", cursor)
        say(f"page, {name}", partial(get, page, f"{path}?{query}"))
        say(f"API, {name}", partial(get, api, f"{calls}?{query}"))


def get(client: "Client", address: str, _: int) -> None:
    assert client.get(address).status_code == 200, address


def say(name: str, act: Callable[[int], object]) -> None:
    """Time it by the clock, and by our own processor time, to which neighbours don't add."""
    act(0)
    took, own = list[float](), list[float]()
    for number in range(ROUNDS):
        began, own_began = time.perf_counter(), time.process_time()
        act(number)
        took.append((time.perf_counter() - began) * 1000)
        own.append((time.process_time() - own_began) * 1000)
    p95, own_p95 = (statistics.quantiles(each, n=20)[-1] for each in (took, own))
    mark = "" if p95 <= GOAL_MILLISECONDS else "  OVER"
    sys.stdout.write(
        f"{name:<48} median {statistics.median(took):6.1f} ms  p95 {p95:6.1f} ms  "
        f"own processor time {statistics.median(own):5.1f} ms  p95 {own_p95:5.1f} ms{mark}\n"
    )
    sys.stdout.flush()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "redisgate.settings")
    main()
