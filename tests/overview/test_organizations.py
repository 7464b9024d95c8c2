"""Where returning people land, and what they hear of their other organizations."""

from datetime import timedelta
from uuid import UUID

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.utils import timezone

from accounts.models import User
from orgs import visits
from orgs.models import Invitation, Membership, Organization
from orgs.roles import Role
from tests.clients import browser
from tests.conftest import Cast
from tests.orgs.people import add_invitation
from tests.rows import add_instance

pytestmark = pytest.mark.django_db


def join(user: User, organization: Organization) -> None:
    Membership.objects.create(organization=organization, user=user, role=Role.VIEWER)


def verify(user: User) -> None:
    EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={"verified": True})


def invite(organization: Organization, user: User) -> Invitation:
    invitation = add_invitation(organization)
    later = timezone.now() + timedelta(days=1)
    Invitation.objects.filter(pk=invitation.pk).update(email=user.email, expires_at=later)
    return invitation


def home(client: Client) -> str:
    return client.get("/").headers["Location"]


def test_home_is_the_organization_of_the_last_visit(cast: Cast) -> None:
    join(cast.viewer, cast.globex)
    client = browser(cast.viewer)
    assert home(client) == "/orgs/acme/"
    client.get("/orgs/globex/")
    assert home(client) == "/orgs/globex/"


@pytest.mark.parametrize("cookie", ["nonsense", str(UUID(int=1)), "globex"])
def test_cookie_of_elsewhere_opens_nothing(cast: Cast, cookie: str) -> None:
    client = browser(cast.viewer)
    value = str(cast.globex.pk) if cookie == "globex" else cookie
    client.cookies[visits.COOKIE] = value
    assert home(client) == "/orgs/acme/"


def test_what_burns_elsewhere_is_told_where_people_land(cast: Cast) -> None:
    add_instance(cast.globex, "broken", status="error")
    client = browser(cast.viewer)
    assert "Globex" not in client.get("/orgs/acme/").text
    join(cast.viewer, cast.globex)
    page = " ".join(client.get("/orgs/acme/").text.split())
    assert "<strong>Globex</strong> needs somebody: 1 instance failed." in page


def test_list_says_what_each_organization_needs(cast: Cast) -> None:
    join(cast.viewer, cast.globex)
    add_instance(cast.globex, status="running", health="unhealthy")
    add_instance(cast.acme, status="running", health="healthy")
    page = browser(cast.viewer).get("/orgs/")
    entries = {entry.organization.slug: entry.summary for entry in page.context["entries"]}
    assert entries["globex"].needs == ["1 instance unhealthy"]
    assert entries["acme"].needs == []
    assert (entries["acme"].running, entries["acme"].total) == (1, 1)


def test_invitation_waits_where_the_invited_land_and_opens_there(cast: Cast) -> None:
    verify(cast.outsider)
    invitation = invite(cast.acme, cast.outsider)
    client = browser(cast.outsider)
    for address in ("/orgs/globex/", "/orgs/"):
        form = client.get(address).text.partition(f'action="/invitations/{invitation.pk}/"')[2]
        assert "csrfmiddlewaretoken" in form.partition("</form>")[0]
    assert client.get(f"/invitations/{invitation.pk}/").status_code == 405, (
        "looking changes nothing"
    )
    opened = client.post(f"/invitations/{invitation.pk}/", follow=True)
    assert "Join Acme" in opened.text
    client.post("/invitations/accept/")
    assert cast.acme.memberships.filter(user=cast.outsider).exists()


def test_invitation_to_an_unproven_address_stays_a_secret(cast: Cast) -> None:
    EmailAddress.objects.filter(user=cast.outsider).update(verified=False)
    invitation = invite(cast.acme, cast.outsider)
    client = browser(cast.outsider)
    assert "Acme" not in client.get("/orgs/globex/").text
    assert client.post(f"/invitations/{invitation.pk}/").status_code == 404


def test_invitation_of_somebody_else_is_like_none(cast: Cast) -> None:
    verify(cast.viewer)
    invitation = invite(cast.globex, cast.outsider)
    assert browser(cast.viewer).post(f"/invitations/{invitation.pk}/").status_code == 404
