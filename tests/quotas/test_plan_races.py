"""Plans that change while organizations appear and grow: no row keeps a limit of before."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from threading import Barrier

import pytest
from django.db import connection

from audit.actors import SYSTEM
from orgs.models import Organization
from quotas import plans
from quotas.models import InstanceQuota, Plan
from quotas.refusals import QuotaExceeded
from quotas.services import override, refusing
from redisgate.lib.errors import Conflict
from redisgate.lib.write_lock import retried_when_locked
from tests.quotas.test_plans import TEAM
from tests.rows import add_instance

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def plan() -> Plan:
    return plans.create(SYSTEM, replace(TEAM, name="First", is_default=True))


def all_at_once(*works: Callable[[], object]) -> None:
    start = Barrier(len(works))

    def run(work: Callable[[], object]) -> None:
        try:
            start.wait(timeout=30)
            retried_when_locked(work)()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        list(pool.map(run, works))


def test_every_row_ends_with_the_limit_of_its_plan(plan: Plan) -> None:
    other = plans.create(SYSTEM, replace(TEAM, name="Other"))
    moving = Organization.objects.create(name="Moving", slug="moving")
    freed = Organization.objects.create(name="Freed", slug="freed")
    override(SYSTEM, freed, {"instances": 3})

    def change(limit: int) -> Callable[[], object]:
        return lambda: plans.update(SYSTEM, plan, instances_limit=limit)

    def appear(number: int) -> Callable[[], object]:
        return lambda: Organization.objects.create(name=f"o{number}", slug=f"o{number}")

    all_at_once(
        *(change(limit) for limit in (31, 32, 33, 34)),
        *(appear(number) for number in range(6)),
        lambda: plans.assign(SYSTEM, moving, other),
        lambda: plans.update(SYSTEM, other, instances_limit=41),
        lambda: override(SYSTEM, freed, {"instances": None}),
    )
    rows = InstanceQuota.objects.select_related("plan")
    assert {row.plan for row in rows} == {plan, other}
    assert all(row.plan and row.instances_limit == row.plan.instances_limit for row in rows)


def test_smaller_plan_and_new_instances_never_end_above_the_limit(plan: Plan) -> None:
    organization = Organization.objects.create(name="Acme", slug="acme")

    def grow() -> None:
        with suppress(QuotaExceeded), refusing("instance", organization=organization):
            add_instance(organization)

    def shrink() -> None:
        with suppress(Conflict):
            plans.update(SYSTEM, plan, instances_limit=4)

    all_at_once(*(grow for _ in range(8)), shrink)
    row = InstanceQuota.objects.get(organization=organization)
    limit = Plan.objects.get(pk=plan.pk).instances_limit
    assert row.instances_used == organization.instances.count() <= row.instances_limit == limit
