"""The management API's own limit: one for each caller, over all workers."""

import time

import pytest
from pytest_django import Settings

from redisgate.lib import api_rates
from redisgate.lib.api_rates import Alone
from tests import clients
from tests.conftest import Cast


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    settings.API_REQUESTS_PER_MINUTE = 3
    monkeypatch.setattr(api_rates, "_alone", Alone())


def test_more_than_the_limit_is_refused_with_the_way_out(cast: Cast) -> None:
    program, url = clients.program(cast.owner), "/api/organizations"
    answers = [program.get(url) for _ in range(4)]
    assert [each.status_code for each in answers] == [200, 200, 200, 429]
    lefts = [each["RateLimit"].partition("r=")[2].partition(";")[0] for each in answers]
    assert lefts == ["2", "1", "0", "0"]
    assert answers[3]["RateLimit-Policy"] == '"management";q=3;w=60'
    assert 1 <= int(answers[3]["Retry-After"]) <= 20
    assert answers[3].json()["code"] == "rate_limited"
    assert answers[3]["Content-Type"] == "application/problem+json"


def test_each_caller_has_their_own(cast: Cast) -> None:
    for user in (cast.owner, cast.viewer):
        program = clients.program(user)
        assert [program.get("/auth/me").status_code for _ in range(3)] == [200] * 3


def test_who_logs_in_is_not_counted_here(cast: Cast) -> None:
    answer = clients.program(cast.owner).post("/auth/logout", {"refresh": "rgr_unknown"})
    assert "RateLimit" not in answer


def test_what_was_spent_comes_back_with_time(monkeypatch: pytest.MonkeyPatch) -> None:
    alone, now = Alone(), [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    assert [alone.spend("a", 20.0) for _ in range(4)] == [20.0, 40.0, 60.0, 80.0]
    now[0] += 20
    assert [alone.spend("a", 20.0) for _ in range(2)] == [60.0, 80.0]
