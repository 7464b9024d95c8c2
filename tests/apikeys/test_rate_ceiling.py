"""No key runs more than its organization's plan allows, or than its operator has said."""

from dataclasses import replace

import pytest

from accounts.models import User
from apikeys import editing
from apikeys.terms import BrokenTerms
from apikeys.verification import verify
from audit.models import AuditEvent
from quotas import plans, rate_limits
from quotas.models import Plan
from quotas.plans import rate_limit_for
from redisgate.lib.errors import InvalidInput
from tests.apikeys.rows import make_key
from tests.clients import browser, program
from tests.conftest import Cast, actor
from tests.quotas.test_plans import TEAM

OVER = "allows 500 commands a second for a key"


@pytest.fixture
def team(cast: Cast) -> Plan:
    """Give Acme a plan of 500 commands a second."""
    team = plans.create(actor(cast.owner), TEAM)
    plans.assign(actor(cast.owner), cast.acme, team)
    return team


def test_first_plan_leaves_it_open(cast: Cast) -> None:
    assert (rate_limit_for(cast.acme), rate_limits.most_for(cast.acme)) == (100, 100_000)


def test_key_above_the_plan_is_refused_with_the_plans_figure(cast: Cast, team: Plan) -> None:
    body = {"name": "Shop", "scopes": ["read"], "rate_limit": 501}
    url = f"/api/organizations/{cast.acme.id}/api-keys"
    answer = program(cast.owner).post(url, body)
    assert answer.status_code == 400
    assert OVER in answer.json()["errors"]["rate_limit"][0]
    assert program(cast.owner).post(url, {**body, "rate_limit": 500}).status_code == 201


def test_key_of_a_larger_plan_goes_on_with_what_is_allowed_now(cast: Cast) -> None:
    key, token = make_key(cast.owner, cast.acme, rate_limit=2000)
    assert verify(token).rate_limit == 2000
    team = plans.create(actor(cast.owner), TEAM)
    plans.assign(actor(cast.owner), cast.acme, team)
    assert verify(token).rate_limit == 500
    page = browser(cast.owner).get(f"/orgs/acme/api-keys/{key.pk}/").content.decode()
    assert "Your plan allows 500 for now" in page
    editing.edit(actor(cast.owner), key, name="Other", rate_limit=2000)
    with pytest.raises(BrokenTerms, match=OVER):
        editing.edit(actor(cast.owner), key, rate_limit=2001)
    plans.update(actor(cast.owner), team, rate_limit_most=1500)
    assert verify(token).rate_limit == 1500


def test_operator_raises_and_lowers_it_for_one_organization(cast: Cast, team: Plan) -> None:
    User.objects.filter(pk=cast.outsider.pk).update(is_staff=True)
    operator, url = program(cast.outsider), f"/api/organizations/{cast.acme.id}/quota/plan"
    _, token = make_key(cast.owner, cast.acme, rate_limit=500)
    for most, counts in [(700, 500), (50, 50), (None, 500)]:
        answer = operator.put(url, {"plan": str(team.pk), "rate_limit": most})
        assert answer.json()["overrides"]["rate_limit"] == most
        assert verify(token).rate_limit == counts
    assert AuditEvent.objects.filter(action="quota.update").count() == 3
    assert program(cast.owner).put(url, {"plan": str(team.pk)}).status_code == 403


def test_ceiling_below_what_every_key_gets_is_refused(cast: Cast) -> None:
    with pytest.raises(InvalidInput, match="between 500, which every key gets, and 100,000"):
        plans.create(actor(cast.owner), replace(TEAM, rate_limit_most=499))
