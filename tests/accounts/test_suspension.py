"""A person whom an operator locks out."""

import pytest

from accounts import refresh_tokens, suspension
from accounts.models import User
from accounts.refresh_tokens import Visit
from accounts.refusals import RefreshTokenUnknown
from audit.models import AuditEvent
from redisgate.lib.errors import Conflict, InvalidInput
from tests.clients import browser, program
from tests.conftest import PASSWORD, Cast, actor


def refresh_token(person: User) -> str:
    token = refresh_tokens.begin(person, Visit()).token
    assert token is not None
    return token


def test_suspended_person_is_out_at_once_everywhere(cast: Cast) -> None:
    page, api = browser(cast.viewer), program(cast.viewer)
    token = refresh_token(cast.viewer)
    assert page.get("/orgs/").status_code == api.get("/auth/me").status_code == 200

    assert suspension.suspend(actor(cast.owner), cast.viewer, reason="Left the company")
    assert page.get("/orgs/").status_code == 302
    refused = api.get("/auth/me")
    assert (refused.status_code, refused.json()["code"]) == (401, "account_inactive")
    with pytest.raises(RefreshTokenUnknown):
        refresh_tokens.renew(token, Visit())
    login = api.post("/auth/login", {"email": cast.viewer.email, "password": PASSWORD})
    assert login.status_code == 401


def test_what_was_open_stays_closed_after_a_resume(cast: Cast) -> None:
    page, others = browser(cast.viewer), browser(cast.developer)
    token = refresh_token(cast.viewer)
    suspension.suspend(actor(cast.owner), cast.viewer, reason="Left")
    assert suspension.resume(actor(cast.owner), cast.viewer)
    assert page.get("/orgs/").status_code == 302
    with pytest.raises(RefreshTokenUnknown):
        refresh_tokens.renew(token, Visit())
    assert others.get("/orgs/").status_code == 200
    assert browser(cast.viewer).get("/orgs/").status_code == 200


def test_nobody_suspends_themselves(cast: Cast) -> None:
    with pytest.raises(Conflict, match="You can't suspend yourself"):
        suspension.suspend(actor(cast.owner), cast.owner, reason="Left")


def test_each_change_is_written_down_once(cast: Cast) -> None:
    by = actor(cast.owner)
    assert suspension.suspend(by, cast.viewer, reason="Left")
    assert not suspension.suspend(by, cast.viewer, reason="Gone")
    assert suspension.resume(by, cast.viewer)
    assert not suspension.resume(by, cast.viewer)
    events = AuditEvent.objects.filter(object_id=cast.viewer.pk).order_by("at")
    assert [(each.action, each.changes) for each in events] == [
        ("person.suspend", {"reason": "Left"}),
        ("person.resume", {}),
    ]


def test_no_suspension_without_a_reason_which_can_be_changed_later(cast: Cast) -> None:
    by = actor(cast.owner)
    with pytest.raises(InvalidInput, match="Say why"):
        suspension.suspend(by, cast.viewer, reason=" ")
    assert not suspension.explain(by, cast.viewer, reason="Left")
    suspension.suspend(by, cast.viewer, reason="Left")
    assert suspension.explain(by, cast.viewer, reason="Left, and their account was misused")
    told = AuditEvent.objects.filter(object_id=cast.viewer.pk, action="person.explain_suspension")
    assert [each.changes for each in told] == [{"reason": "Left, and their account was misused"}]
