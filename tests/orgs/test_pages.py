import pytest
from django.test import Client

from orgs import deletion
from orgs.models import Organization
from tests.accounts.people import proven
from tests.clients import browser
from tests.conftest import Cast
from tests.quotas.rows import add_key
from tests.rows import add_instance


def test_list_shows_organizations_and_roles(cast: Cast) -> None:
    page = browser(cast.developer).get("/orgs/").text
    assert "Acme" in page
    assert "Developer" in page
    assert "Globex" not in page


def test_person_without_an_organization_is_shown_the_way(cast: Cast) -> None:
    Organization.objects.all().delete()
    assert "Create an organization" in browser(cast.owner).get("/orgs/").text


def test_new_organization_opens_its_overview(cast: Cast) -> None:
    response = browser(cast.viewer).post("/orgs/new/", {"name": "Fresh", "description": ""})
    assert response.status_code == 302
    assert response["Location"] == "/orgs/fresh/"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "Give the organization a name."),
        ("x" * 81, "at most 80 characters"),
        ("a\tb", "control characters"),
        ("\u200b", "Give the organization a name."),
    ],
)
def test_bad_name_is_explained_and_kept(cast: Cast, name: str, words: str) -> None:
    response = browser(cast.owner).post("/orgs/new/", {"name": name, "description": "kept"})
    assert response.status_code == 422
    assert words in response.text
    assert "kept" in response.text


def test_admin_renames(cast: Cast) -> None:
    form = {"name": "Acme Corp", "description": "Anvils"}
    response = browser(cast.admin).post("/orgs/acme/settings/", form)
    assert response["Location"] == "/orgs/acme/settings/"
    cast.acme.refresh_from_db()
    assert (cast.acme.name, cast.acme.description) == ("Acme Corp", "Anvils")


def test_bad_settings_are_explained_and_change_nothing(cast: Cast) -> None:
    form = {"name": "Acme Corp", "description": "x" * 301}
    response = browser(cast.admin).post("/orgs/acme/settings/", form)
    assert response.status_code == 422
    assert "at most 300 characters" in response.text
    cast.acme.refresh_from_db()
    assert cast.acme.name == "Acme"


def test_viewer_reads_settings_without_a_form(cast: Cast) -> None:
    page = browser(cast.viewer).get("/orgs/acme/settings/").text
    assert "Owners and admins can change this." in page
    assert "Delete organization" not in page


def test_name_is_escaped(cast: Cast) -> None:
    Organization.objects.filter(pk=cast.acme.pk).update(name="<script>x</script>")
    for path in ("/orgs/", "/orgs/acme/settings/"):
        assert "<script>x" not in browser(cast.owner).get(path).text


def test_owner_deletes_after_typing_the_name(cast: Cast) -> None:
    response = proven(cast.owner).post("/orgs/acme/delete/", {"confirm": " Acme "})
    assert response["Location"] == "/orgs/"
    assert not Organization.objects.filter(slug="acme").exists()


@pytest.mark.parametrize("typed", ["", "acme", "Globex"])
def test_wrong_name_deletes_nothing(cast: Cast, typed: str) -> None:
    response = browser(cast.owner).post("/orgs/acme/delete/", {"confirm": typed})
    assert response.status_code == 422
    assert "to confirm" in response.text
    assert Organization.objects.filter(slug="acme").exists()


def test_owner_reads_what_a_deletion_ends(cast: Cast) -> None:
    assert "no instances and no API keys" in browser(cast.owner).get("/orgs/acme/settings/").text
    add_instance(cast.acme)
    add_instance(cast.acme)
    add_key(cast.acme)
    page = browser(cast.owner).get("/orgs/acme/settings/").text
    assert "2 instances and 1 API key" in page


def test_deletion_asks_who_it_is_once_more(cast: Cast) -> None:
    response = browser(cast.owner).post("/orgs/acme/delete/", {"confirm": "Acme"})
    assert response["Location"].startswith("/accounts/reauthenticate/")
    assert Organization.objects.filter(slug="acme", deleting_since=None).exists()


def test_deletion_shows_what_is_left_until_it_leads_home(cast: Cast) -> None:
    instance = add_instance(cast.acme)
    visitor = proven(cast.owner)
    response = visitor.post("/orgs/acme/delete/", {"confirm": "Acme"})
    assert response["Location"] == "/orgs/acme/"
    assert "Still there: 1 instance." in visitor.get("/orgs/acme/").text
    assert "Deleting" in visitor.get("/orgs/").text
    progress = "/orgs/acme/deleting/"
    assert "Still there: 1 instance." in visitor.get(progress, headers={"HX-Request": "true"}).text
    instance.delete()
    deletion.carry_out()
    gone = visitor.get(progress, headers={"HX-Request": "true"})
    assert gone["HX-Redirect"] == "/"
    assert visitor.get(progress).status_code == 404


def test_whose_last_organization_goes_gets_no_other_unasked(cast: Cast) -> None:
    add_instance(cast.acme)
    visitor = proven(cast.owner)
    visitor.post("/orgs/acme/delete/", {"confirm": "Acme"})
    assert visitor.get("/")["Location"] == "/orgs/"
    assert Organization.objects.filter(members=cast.owner).count() == 1


def test_looking_at_the_delete_url_is_not_enough(cast: Cast) -> None:
    assert browser(cast.owner).get("/orgs/acme/delete/").status_code == 405


def test_visitor_is_sent_to_log_in(client: Client, cast: Cast) -> None:
    response = client.get("/orgs/acme/settings/")
    assert response["Location"] == "/accounts/login/?next=/orgs/acme/settings/"


def test_address_that_leads_nowhere_keeps_its_own_members_inside(cast: Cast) -> None:
    nowhere = "/orgs/acme/api-keys/no-such-key/"
    assert "Overview of Acme" in browser(cast.viewer).get(nowhere).text
    assert "Acme" not in browser(cast.outsider).get(nowhere).text
