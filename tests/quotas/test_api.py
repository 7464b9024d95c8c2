from typing import Any

import pytest

from accounts.models import User
from quotas import services
from tests.clients import program
from tests.conftest import Cast, make_user
from tests.quotas.rows import add_key
from tests.rows import add_instance


@pytest.fixture
def operator(db: None) -> User:
    user = make_user("oscar")
    user.is_staff = True
    user.save(update_fields=["is_staff"])
    return user


@pytest.fixture
def url(cast: Cast) -> str:
    return f"/api/organizations/{cast.acme.id}/quota"


def test_member_sees_use_and_limits(cast: Cast, url: str) -> None:
    add_instance(cast.acme, memory_mb=512)
    add_key(cast.acme)
    assert program(cast.viewer).get(url).json() == {
        "instances": {"used": 1, "limit": 5},
        "memory_mb": {"used": 512, "limit": 2048},
        "api_keys": {"used": 1, "limit": 10},
    }


def test_operator_changes_one_limit(cast: Cast, operator: User, url: str) -> None:
    response = program(operator).put(url, {"instances": {"limit": 50, "used": 49}})
    assert response.status_code == 200
    assert response.json()["instances"] == {"used": 0, "limit": 50}
    assert response.json()["api_keys"] == {"used": 0, "limit": 10}


def test_what_was_read_can_be_put_back(cast: Cast, operator: User, url: str) -> None:
    client = program(operator)
    body = client.get(url).json()
    assert client.put(url, body).json() == body


def test_owner_cannot_raise_their_own_limit(cast: Cast, url: str) -> None:
    response = program(cast.owner).put(url, {"instances": {"limit": 50}})
    assert (response.status_code, response.json()["code"]) == (403, "forbidden")
    assert "Ask yours" in response.json()["detail"]
    assert services.usage(cast.acme).instances.limit == 5


def test_outsider_finds_nothing_to_change(cast: Cast, url: str) -> None:
    assert program(cast.outsider).put(url, {"instances": {"limit": 50}}).status_code == 404


def test_limit_below_use_is_refused(cast: Cast, operator: User, url: str) -> None:
    for _ in range(3):
        add_instance(cast.acme)
    response = program(operator).put(url, {"instances": {"limit": 2}})
    assert response.status_code == 409
    assert response.json()["detail"].startswith(
        "Cannot set the limit to 2 instances: 3 instances are in use."
    )
    assert response.json()["used"] == 3


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"users": {"limit": 1}},
        {"instances": 5},
        {"instances": {}},
        {"instances": {"limit": -1}},
        {"instances": {"limit": 2**31}},
        {"instances": {"limit": "many"}},
        {"instances": {"limit": 1.5}},
        {"instances": None},
        [],
    ],
)
def test_bad_limits_are_explained(operator: User, url: str, body: Any) -> None:
    response = program(operator).put(url, body)
    assert (response.status_code, response.json()["code"]) == (400, "invalid_input")


def test_other_methods_are_refused(cast: Cast, url: str) -> None:
    for method in ("post", "patch", "delete"):
        assert getattr(program(cast.owner), method)(url).status_code == 405
