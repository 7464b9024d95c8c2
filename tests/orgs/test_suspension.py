"""Suspended organizations: looked at by members, changed by nobody, back as they were."""

import pytest
from django.test import Client

from apikeys import acl_source
from apikeys import services as keys
from apikeys.verification import KeyRefused, Reason, verify
from audit.models import AuditEvent
from instances import services as instances
from instances import suspension as held
from instances.models import Held, Instance
from instances.states import Wish
from orgs import suspension
from redisgate.lib.errors import InvalidInput
from tests.clients import browser, program
from tests.conftest import Cast, actor
from tests.instances.test_services import make
from tests.rows import add_instance

REASON = "Bill 17 is unpaid."


def wishes() -> dict[str, str]:
    return dict(Instance.objects.values_list("name", "wish"))


def suspend(cast: Cast) -> None:
    assert suspension.suspend(actor(cast.outsider), cast.acme, reason=REASON)


def test_what_ran_is_stopped_and_runs_again_after(cast: Cast) -> None:
    make(cast, "Runs")
    add_instance(cast.acme, "Rests", wish=Wish.STOPPED)
    add_instance(cast.globex, "Theirs")
    suspend(cast)
    assert wishes() == {"Runs": "stopped", "Rests": "stopped", "Theirs": "running"}
    assert suspension.resume(actor(cast.outsider), cast.acme)
    assert wishes() == {"Runs": "running", "Rests": "stopped", "Theirs": "running"}
    assert not Held.objects.exists()


def test_start_that_passed_the_door_a_moment_before_does_not_stay(cast: Cast) -> None:
    instance = make(cast, "Runs")
    suspend(cast)
    instances.start(actor(cast.developer), instance)
    held.keep_in_step()
    assert wishes() == {"Runs": "stopped"}


def test_second_suspension_changes_nothing_and_is_not_written_down(cast: Cast) -> None:
    suspend(cast)
    assert not suspension.suspend(actor(cast.outsider), cast.acme, reason="Another")
    assert suspension.resume(actor(cast.outsider), cast.acme)
    assert not suspension.resume(actor(cast.outsider), cast.acme)
    events = AuditEvent.objects.filter(actor_id=cast.outsider.pk, object_id=cast.acme.id)
    told = {event.action: event.changes for event in events}
    assert len(events) == 2
    assert told == {"organization.suspend": {"reason": REASON}, "organization.resume": {}}


def test_reason_is_short(cast: Cast) -> None:
    with pytest.raises(InvalidInput, match="300 characters"):
        suspension.suspend(actor(cast.outsider), cast.acme, reason="x" * 301)


def test_no_suspension_without_a_reason(cast: Cast) -> None:
    with pytest.raises(InvalidInput, match="Say why"):
        suspension.suspend(actor(cast.outsider), cast.acme, reason=" ")


def test_reason_is_changed_later_and_both_are_written_down(cast: Cast) -> None:
    assert not suspension.explain(actor(cast.outsider), cast.acme, reason=REASON)
    suspend(cast)
    assert not suspension.explain(actor(cast.outsider), cast.acme, reason=REASON)
    assert suspension.explain(actor(cast.outsider), cast.acme, reason="Bill 18 is unpaid.")
    assert "Bill 18 is unpaid." in browser(cast.viewer).get("/orgs/acme/").text
    told = AuditEvent.objects.filter(action="organization.explain_suspension").get().changes
    assert told == {"before": {"reason": REASON}, "after": {"reason": "Bill 18 is unpaid."}}


def test_members_look_and_the_banner_says_why(cast: Cast) -> None:
    instance = make(cast, "Runs")
    suspend(cast)
    for path in ("", "instances/", f"instances/{instance.slug}/", "api-keys/", "settings/"):
        page = browser(cast.owner).get(f"/orgs/acme/{path}").content.decode()
        assert "This organization is suspended" in page, path
        assert REASON in page
    api = program(cast.viewer)
    assert api.get(f"/api/organizations/{cast.acme.id}/instances").status_code == 200


def test_every_change_is_refused_in_words(cast: Cast) -> None:
    instance = make(cast, "Runs")
    suspend(cast)
    api, root = program(cast.owner), f"/api/organizations/{cast.acme.id}"
    for method, path, body in [
        ("post", "/instances", {"name": "More", "memory_mb": 8, "purpose": "cache"}),
        ("post", f"/instances/{instance.id}/start", {}),
        ("delete", f"/instances/{instance.id}", {}),
        ("post", "/api-keys", {"name": "Shop", "scopes": ["read"]}),
        ("patch", "", {"name": "Other"}),
        ("delete", "", {}),
    ]:
        response = getattr(api, method)(root + path, body)
        assert (response.status_code, response.json()["code"]) == (403, "organization_suspended")
        assert REASON in response.json()["detail"]


def test_page_refuses_a_change_in_words(cast: Cast) -> None:
    suspend(cast)
    response = browser(cast.owner).post("/orgs/acme/settings/", {"name": "Other"})
    assert response.status_code == 403
    assert "Acme is suspended" in response.content.decode()


def test_role_too_low_is_told_of_its_role_first(cast: Cast) -> None:
    suspend(cast)
    response = program(cast.viewer).patch(f"/api/organizations/{cast.acme.id}", {"name": "x"})
    assert (response.status_code, response.json()["code"]) == (403, "forbidden")


def test_outsider_does_not_learn_of_it(cast: Cast) -> None:
    suspend(cast)
    assert browser(cast.outsider).get("/orgs/acme/").status_code == 404
    assert Client().get("/orgs/acme/").status_code == 302


def test_keys_are_refused_and_leave_the_servers(cast: Cast) -> None:
    instance = make(cast, "Runs")
    _, token = keys.create(actor(cast.owner), cast.acme, name="Shop", scopes=["read"])
    before = Instance.objects.get(pk=instance.pk).acl_wish
    assert len(acl_source.source(instance).users) == 1
    suspend(cast)
    assert acl_source.source(instance).users == ()
    assert Instance.objects.get(pk=instance.pk).acl_wish > before
    with pytest.raises(KeyRefused) as refusal:
        verify(token)
    assert refusal.value.reason is Reason.SUSPENDED
    suspension.resume(actor(cast.outsider), cast.acme)
    assert verify(token).name == "Shop"
