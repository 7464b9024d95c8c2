"""Programs of people with a second factor, and proof before dangerous acts."""

from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from rest_framework.test import APIClient

from accounts import reauthentication
from accounts.models import User
from audit.models import AuditEvent
from tests.accounts.people import (
    add_recovery_codes,
    add_totp,
    code_of,
    logged_in,
    prove,
    proven,
)
from tests.conftest import PASSWORD, Cast, make_user
from tests.orgs.people import membership

pytestmark = pytest.mark.django_db


@pytest.fixture
def olivia() -> User:
    return make_user("olivia")


def log_in(program: APIClient, **more: str) -> Any:
    return program.post(
        "/auth/login", {"email": "olivia@example.com", "password": PASSWORD, **more}
    )


def test_program_is_told_what_to_send(olivia: User, program: APIClient) -> None:
    add_totp(olivia)
    add_recovery_codes(olivia)
    answer = log_in(program)
    assert answer.status_code == 401
    assert answer.json() == {
        "type": "about:blank",
        "status": 401,
        "title": "A second factor is needed",
        "code": "mfa_required",
        "detail": "This account asks for a second factor: "
        'send "totp" or "recovery_code" beside email and password.',
        "methods": ["totp", "recovery_code"],
    }


def test_wrong_password_says_nothing_of_a_second_factor(olivia: User, program: APIClient) -> None:
    add_totp(olivia)
    wrong = {"email": "olivia@example.com", "password": "wrong", "totp": "000000"}
    assert program.post("/auth/login", wrong).json()["code"] == "wrong_credentials"


def test_program_logs_in_with_a_code_that_works_once(olivia: User, program: APIClient) -> None:
    code = code_of(add_totp(olivia))
    assert log_in(program, totp=code).status_code == 200
    again = log_in(program, totp=code)
    assert (again.status_code, again.json()["code"]) == (401, "wrong_code")


def test_program_logs_in_with_a_recovery_code_that_works_once(
    olivia: User, program: APIClient
) -> None:
    add_totp(olivia)
    code = add_recovery_codes(olivia)[3]
    assert log_in(program, recovery_code=code).status_code == 200
    assert log_in(program, recovery_code=code).json()["code"] == "wrong_code"


def test_guesses_of_codes_by_programs_are_counted(olivia: User, program: APIClient) -> None:
    secret = add_totp(olivia)
    answers = [log_in(program, totp="000000") for _ in range(6)]
    assert [answer.status_code for answer in answers] == [401] * 5 + [429]
    assert int(answers[-1]["Retry-After"]) > 60
    assert log_in(program, totp=code_of(secret)).status_code == 429


@reauthentication.required
def dangerous(request: HttpRequest) -> HttpResponse:
    return HttpResponse("done")


def request_of(client: Any, method: str, **headers: str) -> HttpRequest:
    request: HttpRequest = getattr(RequestFactory(), method)("/orgs/acme/delete/", headers=headers)
    request.session = client.session
    request.user = User.objects.get()
    return request


def test_dangerous_page_is_read_without_proof(olivia: User) -> None:
    assert dangerous(request_of(logged_in(olivia), "get")).content == b"done"


def test_dangerous_act_asks_for_proof_and_takes_it_for_a_while(olivia: User) -> None:
    asked = dangerous(request_of(logged_in(olivia), "post"))
    assert asked["Location"] == "/accounts/reauthenticate/?next=%2Forgs%2Facme%2Fdelete%2F"
    assert dangerous(request_of(proven(olivia), "post")).content == b"done"


def test_dangerous_act_by_htmx_opens_the_question_as_a_page(olivia: User) -> None:
    back = {"HX-Request": "true", "HX-Current-URL": "http://testserver/orgs/acme/settings/"}
    asked = dangerous(request_of(logged_in(olivia), "post", **back))
    assert asked.status_code == 204
    assert asked["HX-Redirect"].startswith("/accounts/reauthenticate/?next=http")


def test_second_factor_proves_who_it_is_as_well(olivia: User) -> None:
    client = logged_in(olivia)
    code = code_of(add_totp(olivia))
    asked = client.get("/accounts/2fa/totp/deactivate/")
    assert "Use a code from your authenticator app" in client.get(asked["Location"]).text
    proof = client.post("/accounts/2fa/reauthenticate/?next=/accounts/2fa/", {"code": code})
    assert proof["Location"] == "/accounts/2fa/"
    assert client.get("/accounts/2fa/totp/deactivate/").status_code == 200


def test_guesses_at_the_proof_are_counted(olivia: User) -> None:
    client = logged_in(olivia)
    answers = [client.post("/accounts/reauthenticate/", {"password": "wrong"}) for _ in range(6)]
    assert "This is not your password." in answers[0].text
    assert answers[-1].status_code == 429


def test_operator_lets_somebody_back_in_who_lost_everything(
    olivia: User, program: APIClient, capsys: pytest.CaptureFixture[str]
) -> None:
    add_totp(olivia)
    add_recovery_codes(olivia)
    call_command("remove_second_factors", "Olivia@example.com")
    assert "olivia@example.com had 2 second factors" in capsys.readouterr().out
    assert log_in(program).status_code == 200
    events = AuditEvent.objects.filter(action="account.remove_second_factor")
    assert {(event.means, event.object_id) for event in events} == {("command", olivia.id)}


def test_command_says_when_nobody_has_the_address() -> None:
    with pytest.raises(CommandError, match="Nobody logs in with otto"):
        call_command("remove_second_factors", "otto@example.com")


def test_cookie_alone_ends_and_hands_over_nothing_through_the_api(cast: Cast) -> None:
    browser = logged_in(cast.owner)
    url = f"/api/organizations/{cast.acme.id}"
    heir = {"member": str(membership(cast.acme, cast.admin).id)}
    for refused in (
        browser.delete(url),
        browser.post(f"{url}/transfer", heir, content_type="application/json"),
    ):
        assert (refused.status_code, refused.json()["code"]) == (403, "reauthentication_required")
    prove(browser)
    handed = browser.post(f"{url}/transfer", heir, content_type="application/json")
    assert handed.status_code == 200, handed.content
