"""Lists of members and invitations: their order, and many invitations taken back at once."""

import re

import pytest
from pytest_django import Settings

from orgs.invitations import services as invitations
from orgs.models import Invitation
from orgs.roles import Role
from tests.clients import browser
from tests.conftest import Cast, actor
from tests.orgs.people import add_invitation, add_member

PAGE = "/orgs/acme/members/"
MANY = "/orgs/acme/invitations/withdraw/"
INVITE = "/orgs/acme/invitations/"
HTMX = {"HX-Request": "true"}


def chosen(*found: Invitation, **more: str) -> dict[str, object]:
    return {"invitation": [str(each.pk) for each in found], **more}


def test_many_are_named_first_and_then_withdrawn(cast: Cast) -> None:
    one, two, kept = (add_invitation(cast.acme) for _ in range(3))
    client = browser(cast.admin)
    asked = client.post(MANY, chosen(one, two), headers=HTMX)
    assert "Withdraw 2 invitations?" in asked.text
    assert one.email in asked.text
    assert kept.email not in asked.text
    done = client.post(MANY, chosen(one, two, confirmed="1"), headers=HTMX)
    assert "2 invitations are withdrawn." in done["HX-Trigger"]
    assert list(Invitation.objects.values_list("pk", flat=True)) == [kept.pk]


def test_what_ended_meanwhile_is_skipped_and_not_counted(cast: Cast) -> None:
    one, gone, two = (add_invitation(cast.acme) for _ in range(3))
    Invitation.objects.filter(pk=gone.pk).delete()
    assert invitations.withdraw_many(actor(cast.owner), [one, gone, two]) == 2
    assert not Invitation.objects.exists()


def test_foreign_invitation_is_as_if_it_never_was(cast: Cast) -> None:
    foreign = add_invitation(cast.globex)
    browser(cast.owner).post(MANY, chosen(foreign, confirmed="1"))
    assert Invitation.objects.filter(pk=foreign.pk).exists()


def test_invitation_above_ones_rank_has_no_box(cast: Cast) -> None:
    high, low = add_invitation(cast.acme, Role.OWNER), add_invitation(cast.acme)
    page = browser(cast.admin).get(PAGE).text
    assert f'value="{low.pk}"' in page
    assert f'value="{high.pk}"' not in page


@pytest.mark.parametrize(
    ("word", "roles"),
    [("role", ["owner", "admin", "developer", "viewer"]), ("-role", ["viewer", "developer"])],
)
def test_members_are_sorted_by_rank_and_not_by_alphabet(
    cast: Cast, word: str, roles: list[str]
) -> None:
    add_member(cast.acme)
    page = browser(cast.viewer).get(f"{PAGE}?sort={word}").text
    part = page[page.index('id="members"') :]
    found = list(dict.fromkeys(re.findall(r'<span class="rg-tag">(\w+)</span>', part)))
    assert [each.lower() for each in found if each != "you"][: len(roles)] == roles


def test_link_of_one_invitation_stays_while_the_next_is_made(
    cast: Cast, settings: Settings
) -> None:
    settings.HAS_MAIL_SERVER = False
    client = browser(cast.admin)
    wish = {"email": "nora@example.com", "role": "viewer"}
    answer = client.post(INVITE, wish, headers=HTMX).text
    made = Invitation.objects.get()
    assert 'hx-swap-oob="afterbegin:#invitation-links"' in answer
    assert f'id="given-{made.pk}"' in answer
    again = client.post(f"{INVITE}{made.pk}/withdraw/", headers=HTMX).text
    assert re.search(rf'id="given-{made.pk}"\s+hx-swap-oob="delete"', again)
