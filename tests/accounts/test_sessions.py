"""Where a person is logged in, seen and ended from the account's page."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.utils import timezone

from accounts import devices, middleware, sessions
from accounts.models import User
from audit.models import AuditEvent
from orgs.roles import Permission
from orgs.standing import Asker, Refused, standings
from tests.accounts.people import logged_in
from tests.conftest import PASSWORD, Cast, make_user

pytestmark = pytest.mark.django_db

PAGE = "/accounts/sessions/"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1"
)


@pytest.fixture
def olivia() -> User:
    return make_user("olivia")


def id_of(client: Client) -> int:
    return int(UserSession.objects.get(session_key=client.session.session_key).pk)


def is_alive(client: Client) -> bool:
    return client.get("/accounts/profile/").status_code == 200


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (IPHONE, "Safari on iPhone"),
        (
            "Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36",
            "Chrome on Windows",
        ),
        (
            "Mozilla/5.0 (Intel Mac OS X 10_15) Chrome/140 Safari Edg/140",
            "Edge on macOS",
        ),
        ("curl/8.5.0", "curl"),
        ("", "Unknown device"),
    ],
)
def test_browser_is_named_as_its_owner_knows_it(user_agent: str, words: str) -> None:
    assert devices.describe(user_agent) == words


def test_page_shows_every_session_and_marks_this_one(olivia: User) -> None:
    here = logged_in(olivia)
    logged_in(olivia, IPHONE)
    page = here.get(PAGE)
    first, second = page.context["sessions"]
    assert (first.device, first.is_current) == ("Firefox on Linux", True)
    assert (second.device, second.is_current, second.address) == (
        "Safari on iPhone",
        False,
        "127.0.0.1",
    )
    assert page.text.count("This one") == 1


def test_ended_session_is_dead_at_once_and_noted(olivia: User) -> None:
    here, lost = logged_in(olivia), logged_in(olivia, IPHONE)
    key = lost.session.session_key
    answer = here.post(f"{PAGE}{id_of(lost)}/end/", follow=True)
    assert "Safari on iPhone is logged out." in answer.text
    assert not is_alive(lost)
    assert is_alive(here)
    assert sessions.person_of(key) is None
    event = AuditEvent.objects.get(action="account.end_session")
    assert event.changes == {"device": "Safari on iPhone", "address": "127.0.0.1"}


def test_sockets_of_an_ended_session_are_refused(cast: Cast) -> None:
    here, lost = logged_in(cast.owner), logged_in(cast.owner)
    asker = Asker(lost.session.session_key, cast.acme.id)
    here.post(f"{PAGE}{id_of(lost)}/end/")
    standing = standings([asker], Permission.INSTANCE_VIEW)
    assert standing[asker] is Refused.NOT_SIGNED_IN


def test_all_others_are_ended_together(olivia: User) -> None:
    here, *others = (logged_in(olivia) for _ in range(3))
    answer = here.post(f"{PAGE}end-others/", follow=True)
    assert "2 other sessions ended." in answer.text
    assert is_alive(here)
    assert not any(map(is_alive, others))


def test_somebody_elses_session_answers_like_one_that_never_was(olivia: User) -> None:
    otto = logged_in(make_user("otto"))
    here = logged_in(olivia)
    foreign = here.post(f"{PAGE}{id_of(otto)}/end/", follow=True)
    assert is_alive(otto)
    unknown = here.post(f"{PAGE}999999/end/", follow=True)
    words = "This session has ended already."
    assert words in foreign.text
    assert words in unknown.text


def test_list_costs_no_write_at_each_request(olivia: User) -> None:
    here = logged_in(olivia)
    long_ago = timezone.now() - timedelta(hours=1)
    UserSession.objects.update(last_seen_at=long_ago)
    here.get("/accounts/profile/")
    assert UserSession.objects.get().last_seen_at == long_ago
    middleware.noted_at.clear()  # a minute has passed
    here.get("/accounts/profile/")
    assert UserSession.objects.get().last_seen_at > long_ago


def test_session_from_before_the_list_appears_in_it(olivia: User) -> None:
    here = logged_in(olivia)
    UserSession.objects.all().delete()
    middleware.noted_at.clear()
    here.get("/accounts/profile/")
    assert here.get(PAGE).context["sessions"][0].is_current


def test_new_password_ends_every_other_session(olivia: User) -> None:
    here, other = logged_in(olivia), logged_in(olivia)
    fresh = "another horse battery"
    form = {"oldpassword": PASSWORD, "password1": fresh, "password2": fresh}
    here.post("/accounts/password/change/", form)
    assert is_alive(here)
    assert not is_alive(other)
    assert len(here.get(PAGE).context["sessions"]) == 1
    assert AuditEvent.objects.filter(action="account.change_password").count() == 1
