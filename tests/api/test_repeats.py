"""Idempotency-Key: what is sent again doesn't happen again."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone
from rest_framework.test import APIClient

from apikeys.models import ApiKey
from orgs import services
from orgs.models import Organization
from repeats import once
from repeats.models import RememberedRequest
from tests import clients
from tests.conftest import Cast

URL = "/api/organizations"
NAMED = {"Idempotency-Key": "8f14e45f-ceea-467f-ab57-9d5b6a0f5f4e"}


def test_second_request_gets_the_first_answer(program: APIClient) -> None:
    first = program.post(URL, {"name": "Fresh"}, headers=NAMED)
    second = program.post(URL, {"name": "Fresh"}, headers=NAMED)
    assert (second.status_code, second.json()) == (201, first.json())
    assert second["Location"] == first["Location"]
    assert second["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first
    assert Organization.objects.filter(name="Fresh").count() == 1


def test_key_shown_once_is_shown_again_to_who_asks_again(cast: Cast, program: APIClient) -> None:
    url = f"{URL}/{cast.acme.id}/api-keys"
    wish = {"name": "shop", "scopes": ["read"]}
    token = program.post(url, wish, headers=NAMED).json()["key"]
    assert program.post(url, wish, headers=NAMED).json()["key"] == token
    assert ApiKey.objects.count() == 1
    kept = RememberedRequest.objects.get().reply  # opened with the platform's own keys
    assert token not in kept
    assert "shop" not in kept


def test_other_body_under_the_same_name_is_refused(program: APIClient) -> None:
    program.post(URL, {"name": "Fresh"}, headers=NAMED)
    other = program.post(URL, {"name": "Stale"}, headers=NAMED)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


def test_names_of_others_are_others(cast: Cast, program: APIClient) -> None:
    program.post(URL, {"name": "Fresh"}, headers=NAMED)
    theirs = clients.program(cast.viewer).post(URL, {"name": "Fresh"}, headers=NAMED)
    assert (theirs.status_code, "Idempotency-Replayed" in theirs) == (201, False)


def test_refused_request_frees_its_name(program: APIClient) -> None:
    assert program.post(URL, {"name": ""}, headers=NAMED).status_code == 400
    assert program.post(URL, {"name": "Fresh"}, headers=NAMED).status_code == 201


@pytest.mark.parametrize("name", ["", "a b", "é", "x" * 256])
def test_name_that_cannot_be_one_is_refused(program: APIClient, name: str) -> None:
    answer = program.post(URL, {"name": "Fresh"}, HTTP_IDEMPOTENCY_KEY=name)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_input")


def test_outcome_nobody_knows_is_called_unknown(
    program: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise MemoryError

    with monkeypatch.context() as patched:
        patched.setattr(services, "create", broken)
        program.raise_request_exception = False
        assert program.post(URL, {"name": "Fresh"}, headers=NAMED).status_code == 500
    running = program.post(URL, {"name": "Fresh"}, headers=NAMED)
    assert (running.status_code, running["Retry-After"]) == (409, "1")
    assert running.json()["code"] == "idempotency_key_in_use"
    RememberedRequest.objects.update(deadline_at=timezone.now())
    later = program.post(URL, {"name": "Fresh"}, headers=NAMED)
    assert (later.status_code, later.json()["code"]) == (409, "idempotent_outcome_unknown")


def test_answers_are_forgotten_after_a_day(
    program: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(once, "PRUNED_SECONDS", -1.0)
    program.post(URL, {"name": "Fresh"}, headers=NAMED)
    RememberedRequest.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    program.post(URL, {"name": "Other"}, headers={"Idempotency-Key": "another"})
    assert RememberedRequest.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_equal_requests_at_once_make_one_object(cast: Cast) -> None:
    start, named = Barrier(32), {"Idempotency-Key": str(uuid4())}

    def send(_: int) -> int:
        program = clients.program(cast.owner)
        start.wait(20)
        answer = program.post(URL, {"name": "Fresh"}, headers=named)
        connection.close()
        return int(answer.status_code)

    with ThreadPoolExecutor(32) as pool:
        statuses = list(pool.map(send, range(32)))
    assert set(statuses) <= {201, 409}
    assert 201 in statuses
    assert Organization.objects.filter(name="Fresh").count() == 1
