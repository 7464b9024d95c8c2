"""What operators do in the admin: asked first, done by the services, written down."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from apikeys import services as keys
from apikeys.models import ApiKey
from audit.models import AuditEvent
from instances.models import Instance
from orgs.models import Organization
from quotas import services as quotas
from quotas.models import InstanceQuota, Plan
from tests.conftest import Cast, actor
from tests.instances.test_services import make
from tests.rows import add_instance

Act = Callable[..., Any]
ORGS, PEOPLE = "orgs/organization", "accounts/user"
QUOTAS, PLANS, KEYS = "quotas/instancequota", "quotas/plan", "apikeys/apikey"


def actions(*, by: str = "oscar@example.com") -> list[str]:
    return sorted(AuditEvent.objects.filter(actor_label=by).values_list("action", flat=True))


def text(response: Any) -> str:
    return str(response.content.decode())


@pytest.mark.parametrize(
    ("path", "action", "question"),
    [
        (ORGS, "suspend", "Their instances are stopped and keep their data"),
        (PEOPLE, "suspend", "signed out everywhere at once"),
        (KEYS, "revoke", "t be brought back"),
        ("instances/instance", "force_stop", "lose the connection at once"),
        (QUOTAS, "raise_limits", "These limits hold from now on"),
    ],
)
def test_every_action_asks_and_does_nothing_before_the_answer(
    cast: Cast, act: Act, path: str, action: str, question: str
) -> None:
    make(cast)
    keys.create(actor(cast.owner), cast.acme, name="Shop", scopes=["read"])
    rows = {
        ORGS: cast.acme,
        PEOPLE: cast.viewer,
        KEYS: ApiKey.objects.get(),
        "instances/instance": Instance.objects.get(),
        QUOTAS: cast.acme.quota,
    }
    page = text(act(path, action, rows[path], answers=None))
    assert question in page
    assert str(rows[path]) in page
    assert actions() == []


def test_organizations_are_suspended_with_a_reason_and_resumed(cast: Cast, act: Act) -> None:
    make(cast)
    page = act(ORGS, "suspend", cast.acme, cast.globex, answers={"reason": "Bill 17"})
    assert "Suspended: 2 organizations." in text(page)
    acme = Organization.objects.get(pk=cast.acme.pk)
    assert (acme.is_suspended, acme.suspended_for) == (True, "Bill 17")
    assert "Resumed: 2 organizations." in text(
        act(ORGS, "resume", cast.acme, cast.globex, answers={})
    )
    assert Instance.objects.get().wish == "running"
    assert actions() == ["organization.resume"] * 2 + ["organization.suspend"] * 2


def test_reason_that_nobody_could_read_is_refused(cast: Cast, act: Act) -> None:
    page = act(ORGS, "suspend", cast.acme, answers={"reason": "Bill\x0717"})
    assert "Leave out line breaks" in text(page)
    assert actions() == []


def test_suspending_asks_again_where_no_reason_is_given(cast: Cast, act: Act) -> None:
    for path, row in ((ORGS, cast.acme), (PEOPLE, cast.viewer)):
        assert act(path, "suspend", row, answers={"reason": " "}).status_code == 422
    assert actions() == []


def test_reason_for_a_suspension_is_changed_later(cast: Cast, act: Act) -> None:
    act(ORGS, "suspend", cast.acme, answers={"reason": "Bill 17"})
    page = act(ORGS, "explain", cast.acme, cast.globex, answers={"reason": "Bill 18"})
    assert "Reason changed: 1 organization." in text(page)
    assert Organization.objects.get(pk=cast.acme.pk).suspended_for == "Bill 18"


def test_people_are_suspended_but_never_by_themselves(cast: Cast, act: Act) -> None:
    oscar = User.objects.get(username="oscar")
    page = text(act(PEOPLE, "suspend", cast.viewer, oscar, answers={"reason": "Left"}))
    assert "Suspended: 1 account." in page
    assert "t suspend yourself" in page
    active = dict(User.objects.values_list("username", "is_active"))
    assert (active["victor"], active["oscar"]) == (False, True)
    act(PEOPLE, "resume", cast.viewer, answers={})
    assert User.objects.get(pk=cast.viewer.pk).is_active
    assert actions() == ["person.resume", "person.suspend"]


def test_limits_are_raised_for_several_organizations(cast: Cast, act: Act) -> None:
    rows = list(InstanceQuota.objects.filter(organization__in=[cast.acme, cast.globex]))
    page = act(QUOTAS, "raise_limits", *rows, answers={"instances": "50"})
    assert "Changed: 2 organizations." in text(page)
    assert quotas.usage(cast.acme).instances.limit == 50
    assert quotas.usage(cast.globex).memory_mb.limit == 2048
    assert actions() == ["quota.update"] * 2


def test_nothing_filled_in_is_asked_again(cast: Cast, act: Act) -> None:
    response = act(QUOTAS, "raise_limits", cast.acme.quota, answers={})
    assert response.status_code == 422
    assert "Fill in at least one limit." in text(response)


def test_plan_is_changed_where_it_is_large_enough(cast: Cast, act: Act) -> None:
    small = Plan.objects.create(name="Small", instances_limit=1)
    add_instance(cast.acme)
    add_instance(cast.acme)
    rows = list(InstanceQuota.objects.filter(organization__in=[cast.acme, cast.globex]))
    page = text(act(QUOTAS, "choose_plan", *rows, answers={"plan": str(small.pk)}))
    assert "Acme uses 2 instances, and Small would allow 1 instance." in page
    assert "Small: 1 organization." in page
    assert quotas.usage(cast.globex).instances.limit == 1
    assert quotas.usage(cast.acme).instances.limit == 5


def test_overrides_are_edited_and_taken_back_on_the_row(cast: Cast, operator: Client) -> None:
    url = f"/admin/{QUOTAS}/{cast.acme.pk}/change/"
    operator.post(url, {"instances_override": "9"})
    assert quotas.usage(cast.acme).instances.limit == 9
    operator.post(url, {"instances_override": ""})
    assert quotas.usage(cast.acme).instances.limit == 5
    add_instance(cast.acme)
    refused = operator.post(url, {"instances_override": "0"})
    assert "1 instance is in use" in text(refused)


def test_plans_are_made_and_changed_by_their_service(cast: Cast, operator: Client) -> None:
    offer = {
        "name": "Team",
        "price": "20 €",
        "instances_limit": 9,
        "memory_mb_limit": 100,
        "api_keys_limit": 3,
        "rate_limit": 50,
    }
    operator.post(f"/admin/{PLANS}/add/", offer)
    plan = Plan.objects.get(name="Team")
    changed = operator.post(f"/admin/{PLANS}/{plan.pk}/change/", {**offer, "rate_limit": 70})
    assert changed.status_code == 302
    assert Plan.objects.get(name="Team").rate_limit == 70
    assert actions() == ["plan.create", "plan.update"]

    InstanceQuota.objects.filter(organization=cast.acme).update(plan=plan, instances_limit=9)
    add_instance(cast.acme)
    url = f"/admin/{PLANS}/{plan.pk}/change/"
    refused = operator.post(url, {**offer, "instances_limit": 0}, follow=True)
    assert "Acme uses 1 instance, and Team would allow 0 instances." in text(refused)


def test_keys_are_revoked(cast: Cast, act: Act) -> None:
    key, _ = keys.create(actor(cast.owner), cast.acme, name="Shop", scopes=["read"])
    act(KEYS, "revoke", key, answers={})
    assert ApiKey.objects.get().revoked_at is not None
    assert actions() == ["api_key.revoke"]


def test_instances_of_a_suspended_organization_are_not_started(cast: Cast, act: Act) -> None:
    instance = make(cast)
    act(ORGS, "suspend", cast.acme, answers={"reason": "Bill 17"})
    page = text(act("instances/instance", "start", instance, answers={}))
    assert "Acme is suspended" in page
    assert Instance.objects.get().wish == "stopped"
