"""People are called what they want to be called."""

from django.core import mail
from django.test import Client

from accounts.models import User
from orgs.invitations import services as invitations
from orgs.roles import Role
from tests.conftest import Cast, actor


def test_shown_name_is_read_by_the_team_and_the_invited(cast: Cast, client: Client) -> None:
    User.objects.filter(pk=cast.owner.pk).update(shown_name="Olivia Stone")
    invitations.invite(actor(cast.owner), cast.acme, email="nora@example.com", role=Role.VIEWER)
    client.force_login(cast.viewer)
    page = client.get(f"/orgs/{cast.acme.slug}/members/").content.decode()
    assert "<bdi>Olivia Stone</bdi>" in page
    assert "invited by <bdi>Olivia Stone</bdi>" in page
    assert mail.outbox[0].subject.startswith("Olivia Stone (olivia@example.com) invites you")
