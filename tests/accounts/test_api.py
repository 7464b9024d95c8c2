from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from accounts import access_tokens
from accounts.models import RefreshToken, User
from tests.conftest import PASSWORD, Cast, make_user

pytestmark = pytest.mark.django_db

OLGA = {"email": "olga@example.com", "username": "olga", "password": PASSWORD}


def bearer(client: APIClient, token: str) -> APIClient:
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return client


def log_in(program: APIClient, name: str = "olivia") -> dict[str, Any]:
    credentials = {"email": f"{name}@example.com", "password": PASSWORD}
    response = program.post("/auth/login", credentials)
    assert response.status_code == 200, response.content
    body: dict[str, Any] = response.json()
    return body


def test_register_log_in_and_ask_who_one_is(program: APIClient) -> None:
    made = program.post("/auth/register", OLGA)
    assert made.status_code == 201
    assert made.json().items() >= {"email": "olga@example.com", "username": "olga"}.items()
    assert PASSWORD not in made.content.decode()

    tokens = log_in(program, "olga")
    assert tokens["user"] == made.json()
    assert bearer(program, tokens["access"]).get("/auth/me").json() == made.json()


def test_first_login_makes_an_organization_and_further_ones_do_not(program: APIClient) -> None:
    program.post("/auth/register", OLGA)
    for _ in range(2):
        bearer(program, log_in(program, "olga")["access"])
    [organization] = program.get("/api/organizations").json()["results"]
    assert organization["name"] == "olga's organization"
    assert organization["role"] == "owner"


def test_registered_person_can_log_in_on_the_page_too(program: APIClient) -> None:
    program.post("/auth/register", OLGA)
    browser = APIClient()
    form = {"login": OLGA["email"], "password": PASSWORD}
    assert browser.post("/accounts/login/", form, format="multipart").status_code == 302


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"email": ""}, "email", "Enter your email address"),
        ({"email": "nobody"}, "email", "valid email"),
        ({"email": None}, "email", "may not be null"),
        ({"email": ["a@b.c"]}, "email", "valid string"),
        ({"email": "a\x00@example.com"}, "email", "Null characters"),
        ({"email": "OLIVIA@example.com"}, "email", "exists already"),
        ({"username": "olivia"}, "username", "taken"),
        ({"username": "Olivia"}, "username", "taken"),
        ({"username": "ab"}, "username", "at least 3"),
        ({"username": "a b c"}, "username", "letters"),
        ({"username": "x" * 151}, "username", "150"),
        ({"password": "short"}, "password", "at least 10"),
        ({"password": "1234567890123"}, "password", "numeric"),
        ({"password": "password1234"}, "password", "common"),
        ({"password": "olga@example.com"}, "password", "similar"),
        ({"password": "x" * 1001}, "password", "1000"),
    ],
)
def test_bad_registration_says_what_is_wrong(
    cast: Cast, program: APIClient, change: dict[str, Any], field: str, words: str
) -> None:
    response = program.post("/auth/register", {**OLGA, **change})
    assert response.status_code == 400
    problem = response.json()
    assert problem["code"] == "invalid_input"
    assert words in " ".join(problem["errors"][field])
    assert not User.objects.filter(username="olga").exists()


def test_bad_registration_names_every_bad_field_at_once(program: APIClient) -> None:
    wish = {"email": "nowhere", "username": "", "password": "1"}
    response = program.post("/auth/register", wish)
    assert response.json()["errors"].keys() == wish.keys()


@pytest.mark.parametrize("body", ["", "{", "[]", '"x"', "null", '{"email": "\\ud800"}'])
@pytest.mark.parametrize("path", ["register", "login", "refresh", "logout"])
def test_nonsense_is_refused_as_a_problem(program: APIClient, path: str, body: str) -> None:
    response = program.post(f"/auth/{path}", body, content_type="application/json")
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"


def test_other_format_than_json_is_refused_with_the_way_out(program: APIClient) -> None:
    response = program.post("/auth/login", "email=a", content_type="text/plain")
    assert response.status_code == 415
    assert response.json()["detail"] == (
        "Send JSON, with the header Content-Type: application/json."
    )


def test_registration_cannot_make_operators(program: APIClient) -> None:
    program.post("/auth/register", {**OLGA, "is_staff": True, "is_superuser": True, "id": "1"})
    olga = User.objects.get(username="olga")
    assert not olga.is_staff
    assert not olga.is_superuser


def test_login_ignores_the_case_of_the_address(cast: Cast, program: APIClient) -> None:
    response = program.post("/auth/login", {"email": " OLIVIA@Example.com", "password": PASSWORD})
    assert response.status_code == 200


@pytest.mark.parametrize("email", ["olivia@example.com", "nobody@example.com"])
def test_wrong_credentials_look_alike(cast: Cast, program: APIClient, email: str) -> None:
    response = program.post("/auth/login", {"email": email, "password": "wrong wrong wrong"})
    assert response.status_code == 401
    assert response["WWW-Authenticate"].startswith("Bearer")
    assert response.json() == {
        "type": "about:blank",
        "status": 401,
        "title": "Login failed",
        "code": "wrong_credentials",
        "detail": "The email address or the password is wrong. Check both, or reset your password.",
    }


def test_unknown_address_costs_a_hash_like_a_known_one(
    cast: Cast, program: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[str] = []
    monkeypatch.setattr(User, "set_password", lambda _, password: hashed.append(password))
    program.post("/auth/login", {"email": "nobody@example.com", "password": "wrong wrong"})
    assert hashed == ["wrong wrong"]


def test_guessing_is_slowed_down(cast: Cast, program: APIClient) -> None:
    wrong = {"email": "olivia@example.com", "password": "wrong wrong wrong"}
    answers = [program.post("/auth/login", wrong) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [401] * 5 + [429]
    assert 290 <= int(answers[-1]["Retry-After"]) <= 300
    assert "Wait 5 minutes" in answers[-1].json()["detail"]


def test_switched_off_account_is_told_so_only_with_the_right_password(
    cast: Cast, program: APIClient
) -> None:
    User.objects.filter(pk=cast.owner.pk).update(is_active=False)
    right = program.post("/auth/login", {"email": "olivia@example.com", "password": PASSWORD})
    wrong = program.post("/auth/login", {"email": "olivia@example.com", "password": "wrong"})
    assert (right.status_code, right.json()["code"]) == (401, "account_inactive")
    assert wrong.json()["code"] == "wrong_credentials"


def test_expired_refresh_token_is_refused(cast: Cast, program: APIClient) -> None:
    tokens = log_in(program)
    RefreshToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert program.post("/auth/refresh", {"refresh": tokens["refresh"]}).status_code == 401


def test_only_the_fingerprint_of_a_refresh_token_is_stored(cast: Cast, program: APIClient) -> None:
    tokens = log_in(program)
    stored = RefreshToken.objects.get().fingerprint
    assert len(stored) == 64
    assert tokens["refresh"] not in stored


def test_log_out_ends_the_refresh_token(cast: Cast, program: APIClient) -> None:
    tokens = log_in(program)
    for _ in range(2):
        assert program.post("/auth/logout", {"refresh": tokens["refresh"]}).status_code == 204
    assert program.post("/auth/refresh", {"refresh": tokens["refresh"]}).status_code == 401


def test_changed_password_logs_programs_out(cast: Cast, program: APIClient) -> None:
    tokens = log_in(program)
    browser = APIClient()
    browser.force_login(cast.owner)
    fresh = "another horse battery"
    form = {"oldpassword": PASSWORD, "password1": fresh, "password2": fresh}
    changed = browser.post("/accounts/password/change/", form, format="multipart")
    assert changed.status_code == 302, changed.content
    assert program.post("/auth/refresh", {"refresh": tokens["refresh"]}).status_code == 401


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("Bearer nonsense", "token_unknown"),
        ("Bearer ", "token_unknown"),
        ("bearer rg_something", "api_key_not_accepted"),
        ("Basic b2xpdmlhOng=", "not_authenticated"),
        ("", "not_authenticated"),
    ],
)
def test_me_needs_an_access_token(program: APIClient, header: str, code: str) -> None:
    program.credentials(HTTP_AUTHORIZATION=header)
    response = program.get("/auth/me")
    assert (response.status_code, response.json()["code"]) == (401, code)


def test_access_token_dies_with_the_account(program: APIClient) -> None:
    user = make_user("olivia")
    client = bearer(program, access_tokens.issue(user))
    user.delete()
    assert client.get("/auth/me").json()["code"] == "account_inactive"


def test_tokens_are_never_cached(cast: Cast, program: APIClient) -> None:
    response = program.post("/auth/login", {"email": "olivia@example.com", "password": PASSWORD})
    assert response["Cache-Control"] == "no-store"


def test_me_costs_one_query(cast: Cast, program: APIClient) -> None:
    client = bearer(program, access_tokens.issue(cast.owner))
    with CaptureQueriesContext(connection) as queries:
        client.get("/auth/me")
    assert len(queries) == 1


@pytest.mark.parametrize("path", ["register", "login", "refresh", "logout"])
def test_wrong_method_is_refused_as_a_problem(program: APIClient, path: str) -> None:
    response = program.get(f"/auth/{path}")
    assert (response.status_code, response.json()["code"]) == (405, "method_not_allowed")
