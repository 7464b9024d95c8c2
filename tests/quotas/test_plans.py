"""Plans: limits by name, apart from what operators have overridden."""

from dataclasses import replace

import pytest
from django.db import connection

from accounts.models import User
from audit.models import AuditEvent
from orgs.models import Organization
from quotas import plans, services
from quotas.models import InstanceQuota, Plan
from quotas.plans import Offer
from quotas.usage import Amount
from redisgate.lib.errors import Conflict, InvalidInput
from tests.clients import browser, program
from tests.conftest import Cast, actor, make_user
from tests.rows import add_instance

TEAM = Offer(
    name="Team",
    price="20 € a month",
    instances_limit=20,
    memory_mb_limit=8192,
    api_keys_limit=50,
    rate_limit=500,
    is_default=False,
)


@pytest.fixture
def default(db: None) -> Plan:
    """Give the plan that a migration made, also where an earlier test has emptied the tables."""
    return Plan.objects.filter(is_default=True).first() or Plan.objects.create(
        name="Default", is_default=True
    )


@pytest.fixture
def operator(db: None) -> User:
    user = make_user("oscar")
    User.objects.filter(pk=user.pk).update(is_staff=True)
    user.is_staff = True
    return user


def limits(organization: Organization) -> tuple[int, int, int]:
    usage = services.usage(organization)
    return usage.instances.limit, usage.memory_mb.limit, usage.api_keys.limit


def test_organizations_begin_with_the_default_plan_and_its_limits(default: Plan) -> None:
    Plan.objects.update(instances_limit=7)
    organization = Organization.objects.create(name="Late", slug="late")
    assert plans.of(organization) == default
    assert limits(organization) == (7, 2048, 10)


@pytest.mark.usefixtures("db")
def test_without_any_plan_the_built_in_limits_hold() -> None:
    InstanceQuota.objects.update(plan=None)
    Plan.objects.all().delete()
    organization = Organization.objects.create(name="Late", slug="late")
    assert limits(organization) == (5, 2048, 10)
    assert plans.rate_limit_for(organization) == 100


def test_another_plan_brings_its_limits(cast: Cast) -> None:
    team = plans.create(actor(cast.owner), TEAM)
    usage = plans.assign(actor(cast.owner), cast.acme, team)
    assert usage.instances == Amount(used=0, limit=20)
    assert limits(cast.acme) == (20, 8192, 50)
    assert plans.rate_limit_for(cast.acme) == 500
    event = AuditEvent.objects.get(action="plan.assign")
    assert event.changes["after"] == {"plan": "Team"}


def test_override_survives_a_change_of_plan_and_gives_way_when_it_is_taken_back(
    cast: Cast,
) -> None:
    by = actor(cast.owner)
    services.set_limits(by, cast.acme, instances=6)
    plans.assign(by, cast.acme, plans.create(by, TEAM))
    assert limits(cast.acme) == (6, 8192, 50)
    services.override(by, cast.acme, {"instances": None})
    assert limits(cast.acme) == (20, 8192, 50)


def test_changed_plan_changes_the_limits_of_all_that_have_it(cast: Cast) -> None:
    by = actor(cast.owner)
    team = plans.create(by, TEAM)
    for organization in (cast.acme, cast.globex):
        plans.assign(by, organization, team)
    services.set_limits(by, cast.globex, instances=21)
    plans.update(by, team, instances_limit=30)
    assert limits(cast.acme) == (30, 8192, 50)
    assert limits(cast.globex) == (21, 8192, 50)


def test_plan_too_small_for_what_is_used_is_refused_with_numbers(cast: Cast) -> None:
    by = actor(cast.owner)
    for _ in range(3):
        add_instance(cast.acme)
    small = plans.create(by, replace(TEAM, name="Small", instances_limit=2))
    with pytest.raises(Conflict) as refusal:
        plans.assign(by, cast.acme, small)
    assert refusal.value.message.startswith(
        "Acme uses 3 instances, and Small would allow 2 instances."
    )
    assert limits(cast.acme) == (5, 2048, 10)


def test_plan_cannot_shrink_below_what_somebody_uses(cast: Cast) -> None:
    by = actor(cast.owner)
    team = plans.create(by, TEAM)
    plans.assign(by, cast.acme, team)
    add_instance(cast.acme, memory_mb=64)
    with pytest.raises(Conflict, match="Acme uses 64 MB, and Team would allow 32 MB"):
        plans.update(by, team, memory_mb_limit=32)
    services.set_limits(by, cast.acme, memory_mb=64)
    plans.update(by, team, memory_mb_limit=32)
    assert limits(cast.acme) == (20, 64, 50)


def test_there_is_one_default_and_it_moves(cast: Cast, default: Plan) -> None:
    by = actor(cast.owner)
    team = plans.create(by, replace(TEAM, is_default=True))
    assert list(Plan.objects.filter(is_default=True)) == [team]
    with pytest.raises(Conflict, match="New organizations begin with Team"):
        plans.update(by, team, is_default=False)
    assert not Plan.objects.get(pk=default.pk).is_default


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": " "}, "Give the plan a name"),
        ({"rate_limit": 0}, "Choose between 1 and 100,000"),
        ({"instances_limit": -1}, "Choose between 0"),
        ({"price": "x" * 61}, "60 characters"),
        ({"name": "Te\nam"}, "Leave out line breaks"),
        ({"price": "20\x07"}, "Leave out line breaks"),
    ],
)
def test_nonsense_is_refused(cast: Cast, change: dict[str, object], words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        plans.create(actor(cast.owner), replace(TEAM, **change))  # type: ignore[arg-type]


def test_names_are_taken_once_whatever_the_case(cast: Cast) -> None:
    plans.create(actor(cast.owner), TEAM)
    with pytest.raises(Conflict, match="There is a plan called TEAM already"):
        plans.create(actor(cast.owner), replace(TEAM, name="TEAM"))


def test_operators_make_change_and_list_plans_over_the_api(operator: User, default: Plan) -> None:
    client = program(operator)
    made = client.post("/api/plans", {"name": "Team", "limits": _sizes(3)})
    assert (made.status_code, made.json()["rate_limit"]) == (201, 100)
    url = made.headers["Location"]
    changed = client.patch(url, {"limits": {"instances": 4}, "price": "free"})
    assert changed.json()["limits"] == {**_sizes(3), "instances": 4}
    assert client.get(url).json() == changed.json()
    names = [each["name"] for each in client.get("/api/plans").json()["results"]]
    assert names == ["Default", "Team"]
    assert client.patch(url, {"limits": {"instance": 4}}).status_code == 400


def _sizes(instances: int) -> dict[str, int]:
    return {"instances": instances, "memory_mb": 100, "api_keys": 10}


def test_operator_gives_an_organization_a_plan_over_the_api(cast: Cast, operator: User) -> None:
    team = plans.create(actor(operator), TEAM)
    url = f"/api/organizations/{cast.acme.id}/quota/plan"
    response = program(operator).put(url, {"plan": str(team.pk)})
    assert response.json()["plan"]["name"] == "Team"
    assert response.json() == program(cast.viewer).get(url).json()
    unknown = program(operator).put(url, {"plan": str(cast.acme.pk)})
    assert (unknown.status_code, unknown.json()["detail"]) == (404, "There is no such plan.")


def test_null_as_a_limit_follows_the_plan_again(cast: Cast, operator: User) -> None:
    url = f"/api/organizations/{cast.acme.id}/quota"
    client = program(operator)
    assert client.put(url, {"instances": {"limit": 9}}).json()["instances"]["limit"] == 9
    plan = client.get(f"{url}/plan").json()
    nothing = {"memory_mb": None, "api_keys": None, "rate_limit": None}
    assert plan["overrides"] == {"instances": 9, **nothing}
    assert client.put(url, {"instances": {"limit": None}}).json()["instances"]["limit"] == 5


def test_triggers_of_plans_are_there_after_all_migrations(db: None) -> None:
    catalog = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger",
    }
    with connection.cursor() as cursor:
        cursor.execute(catalog[connection.vendor])
        assert "instance_quotas_plan" in {name for (name,) in cursor.fetchall()}


def test_key_for_which_nobody_says_it_has_the_rate_limit_of_the_plan(cast: Cast) -> None:
    by = actor(cast.owner)
    plans.assign(by, cast.acme, plans.create(by, TEAM))
    url = f"/api/organizations/{cast.acme.id}/api-keys"
    api = program(cast.developer)
    body = {"name": "Shop", "scopes": ["read"]}
    assert api.post(url, body).json()["rate_limit"] == 500
    assert api.post(url, {**body, "rate_limit": 7}).json()["rate_limit"] == 7
    page = browser(cast.developer).get("/orgs/acme/api-keys/new/").content.decode()
    assert 'value="500"' in page
