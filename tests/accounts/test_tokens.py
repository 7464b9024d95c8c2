"""Refresh tokens of programs: each works once, and a second time ends its log-in."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from accounts import refresh_tokens, services
from accounts.models import RefreshToken, TokenFamily
from accounts.refresh_tokens import GRACE
from audit.actions import Action
from audit.models import AuditEvent
from redisgate.lib.errors import RedisGateError
from tests.conftest import PASSWORD, Cast, make_user

pytestmark = pytest.mark.django_db


def log_in(program: APIClient, name: str = "olivia") -> dict[str, Any]:
    credentials = {"email": f"{name}@example.com", "password": PASSWORD}
    tokens: dict[str, Any] = program.post(
        "/auth/login", credentials, headers={"User-Agent": "ci-runner/1.0"}
    ).json()
    return tokens


def refresh(program: APIClient, token: str) -> Any:
    return program.post("/auth/refresh", {"refresh": token})


def me(program: APIClient, token: str) -> Any:
    return program.get("/auth/me", headers={"Authorization": f"Bearer {token}"})


def let_grace_pass() -> None:
    for token in RefreshToken.objects.exclude(used_at=None):
        assert token.used_at
        token.used_at -= GRACE
        token.save()


def test_token_is_exchanged_again_and_again(cast: Cast, program: APIClient) -> None:
    tokens = log_in(program)
    for _ in range(3):
        tokens = refresh(program, tokens["refresh"]).json()
        assert me(program, tokens["access"]).status_code == 200
    assert TokenFamily.objects.count() == 1


def test_token_that_comes_twice_ends_its_log_in(cast: Cast, program: APIClient) -> None:
    stolen = log_in(program)
    thief = refresh(program, stolen["refresh"]).json()
    let_grace_pass()
    again = refresh(program, stolen["refresh"])
    assert (again.status_code, again.json()["code"]) == (401, "refresh_token_reused")
    assert "POST /auth/login" in again.json()["detail"]
    assert refresh(program, thief["refresh"]).status_code == 401
    ended = me(program, thief["access"])
    assert (ended.status_code, ended.json()["code"]) == (401, "token_ended")


def test_other_log_ins_go_on(cast: Cast, program: APIClient) -> None:
    stolen, other = log_in(program), log_in(program)
    refresh(program, stolen["refresh"])
    let_grace_pass()
    refresh(program, stolen["refresh"])
    assert refresh(program, other["refresh"]).status_code == 200


def test_owner_is_told_and_it_is_written_down(cast: Cast, program: APIClient) -> None:
    stolen = log_in(program)
    refresh(program, stolen["refresh"])
    let_grace_pass()
    program.post("/auth/refresh", {"refresh": stolen["refresh"]}, REMOTE_ADDR="192.0.2.9")
    event = AuditEvent.objects.get(action=Action.ACCOUNT_STOP_REUSED_TOKEN)
    assert (event.address, event.object_id) == ("192.0.2.9", cast.owner.id)
    [letter] = mail.outbox
    assert letter.to == ["olivia@example.com"]
    assert "ci-runner/1.0" in letter.body
    assert "192.0.2.9" in letter.body
    assert "/accounts/password/change/" in str(letter.alternatives[0][0])  # type: ignore[attr-defined]
    assert stolen["refresh"] not in letter.body


def test_lost_answer_can_be_asked_for_once_more(cast: Cast, program: APIClient) -> None:
    first = log_in(program)
    lost = refresh(program, first["refresh"]).json()
    second = refresh(program, first["refresh"])
    assert second.status_code == 200
    assert refresh(program, second.json()["refresh"]).status_code == 200
    assert refresh(program, lost["refresh"]).json()["code"] == "refresh_token_reused"


def test_answer_that_somebody_used_was_not_lost(cast: Cast, program: APIClient) -> None:
    first = log_in(program)
    second = refresh(program, first["refresh"]).json()
    refresh(program, second["refresh"])
    assert refresh(program, first["refresh"]).json()["code"] == "refresh_token_reused"


def test_programs_are_listed_and_ended_at_once(cast: Cast, program: APIClient) -> None:
    tokens, other = log_in(program), log_in(program)
    program.credentials(HTTP_AUTHORIZATION=f"Bearer {other['access']}")
    listed = program.get("/auth/tokens").json()["results"]
    assert [each["client"] for each in listed] == ["ci-runner/1.0"] * 2
    assert set(listed[0]) == {
        "id", "client", "address", "created_at", "renewed_at", "expires_at",
    }  # fmt: skip
    assert program.delete(f"/auth/tokens/{listed[1]['id']}").status_code == 204
    assert me(APIClient(), tokens["access"]).json()["code"] == "token_ended"
    assert refresh(APIClient(), tokens["refresh"]).status_code == 401
    assert program.get("/auth/me").status_code == 200
    event = AuditEvent.objects.get(action=Action.ACCOUNT_END_PROGRAM)
    assert event.changes == {"client": "ci-runner/1.0", "address": "127.0.0.1"}


def test_access_token_ends_with_log_out(cast: Cast, program: APIClient) -> None:
    tokens = log_in(program)
    program.post("/auth/logout", {"refresh": tokens["refresh"]})
    assert me(program, tokens["access"]).json()["code"] == "token_ended"


def test_access_token_of_a_log_in_costs_one_query(cast: Cast, program: APIClient) -> None:
    tokens = log_in(program)
    with CaptureQueriesContext(connection) as queries:
        assert me(program, tokens["access"]).status_code == 200
    assert len(queries) == 1


def test_what_is_over_is_cleared_away(cast: Cast, program: APIClient) -> None:
    refresh(program, log_in(program)["refresh"])
    kept = log_in(program)
    old = TokenFamily.objects.order_by("created_at").first()
    assert old
    for rows in (old.tokens.all(), TokenFamily.objects.filter(pk=old.pk)):
        rows.update(expires_at=timezone.now() - timedelta(seconds=1))
    refresh_tokens.clear_expired()
    assert TokenFamily.objects.count() == RefreshToken.objects.count() == 1
    assert refresh(program, kept["refresh"]).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_of_many_with_the_same_token_none_gets_a_second_good_one() -> None:
    user = make_user("olivia")
    first = services.issue_tokens(user)
    answers: list[str] = []
    start = threading.Barrier(6)

    def exchange() -> None:
        start.wait()
        try:
            services.refresh(first.refresh)
            answers.append("new")
        except RedisGateError as refusal:
            answers.append(refusal.code)
        connections.close_all()

    threads = [threading.Thread(target=exchange) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 6
    assert RefreshToken.objects.filter(used_at=None).count() <= 1
    assert set(answers) <= {"new", "refresh_token_reused", "refresh_token_unknown"}
