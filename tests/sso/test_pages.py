"""Pages of single sign-on: who finds what, and what a stranger learns."""

from http import HTTPStatus
from ipaddress import ip_network

import pytest
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from audit.actions import Action
from audit.models import AuditEvent
from sso import sources
from sso.models import Domain, IdentityProvider, Mode
from tests.conftest import Cast
from tests.sso import saml_provider
from tests.sso.conftest import Acme

pytestmark = pytest.mark.django_db

PAGE = "/orgs/acme/settings/sso/"
FIND = "/sso/"


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_login_page_offers_nothing_where_nothing_is_set_up(cast: Cast) -> None:
    page = Client().get("/accounts/login/").content.decode()
    assert "Sign in with" not in page


def test_login_page_offers_what_is_set_up_and_names_no_tenant(
    acme: Acme, settings: Settings
) -> None:
    settings.SSO_OIDC_ISSUER, settings.SSO_OIDC_NAME = "https://id.example", "Company ID"
    page = Client().get("/accounts/login/?next=/orgs/").content.decode()
    assert "Sign in with Company ID" in page
    assert "/sso/?next=/orgs/" in page
    assert "Acme" not in page


@pytest.mark.parametrize("address", ["victor@acme.example", "nobody@ACME.example"])
def test_every_address_at_a_domain_finds_the_same(
    acme: Acme, address: str, settings: Settings
) -> None:
    found = sources.for_address(address)
    assert found is not None
    assert found.key == acme.provider.key


@pytest.mark.parametrize("address", ["otto@example.com", "a@globex.example", "a@sub.acme.example"])
def test_other_addresses_get_one_and_the_same_answer(acme: Acme, address: str) -> None:
    Domain.objects.create(organization=acme.cast.globex, name="globex.example")  # unapproved
    page = Client().post(FIND, {"address": address})
    assert page.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "There is no single sign-on for such an address" in page.content.decode()


def test_switched_off_provider_is_not_found(acme: Acme) -> None:
    acme.provider.mode = Mode.OFF
    acme.provider.save()
    assert sources.for_address("victor@acme.example") is None
    assert Client().get(f"/sso/with/{acme.provider.key}/").status_code == HTTPStatus.NOT_FOUND


def test_finding_is_limited(acme: Acme) -> None:
    client = Client()
    answers = {client.post(FIND, {"address": "a@b.example"}).status_code for _ in range(31)}
    assert answers == {HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.TOO_MANY_REQUESTS}


def test_provider_that_cannot_be_reached_is_a_sentence(acme: Acme) -> None:
    page = Client().post(f"/sso/with/{acme.provider.key}/")
    assert page.status_code == HTTPStatus.BAD_GATEWAY
    assert "leads nowhere" in page.content.decode()


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/3rdparty/",
        "/accounts/3rdparty/signup/",
        "/accounts/oidc/{key}/login/",
        "/accounts/saml/{key}/login/",
        "/accounts/saml/{key}/sls/",
        "/accounts/saml/{key}/metadata/",  # this one speaks OpenID Connect
        "/accounts/saml/{key}/acs/finish/",
        "/accounts/oidc/org-00000000000000000000000000000000/login/callback/",
    ],
)
def test_doors_that_are_not_offered_are_closed(acme: Acme, path: str) -> None:
    answer = client_of(acme.cast.owner).get(path.format(key=acme.provider.key))
    assert answer.status_code == HTTPStatus.NOT_FOUND


def test_callback_without_a_question_signs_nobody_in(acme: Acme) -> None:
    client = Client()
    path = f"/accounts/oidc/{acme.provider.key}/login/callback/?code=a&state=b"
    page = client.get(path)
    assert page.status_code == HTTPStatus.UNAUTHORIZED
    assert "Sign in again" in page.content.decode()


def test_owner_reads_what_the_provider_must_know(cast: Cast) -> None:
    page = client_of(cast.owner).get(f"{PAGE}?protocol=saml").content.decode()
    assert f"/accounts/saml/org-{cast.acme.id.hex}/acs/" in page
    assert "Save the connection" in page


def test_admin_reads_and_changes_nothing(acme: Acme) -> None:
    page = client_of(acme.cast.admin).get(PAGE).content.decode()
    assert "Acme ID" in page
    assert "Owners change this" in page
    assert "<form" not in page.split('id="connection"')[1]
    assert "sealed-at-rest" not in page


def test_owner_connects_saml_by_pasting_metadata(cast: Cast) -> None:
    form = {"name": "Acme SAML", "metadata_xml": saml_provider.metadata()}
    page = client_of(cast.owner).post(f"{PAGE}saml/", form)
    assert page.status_code == HTTPStatus.FOUND
    row = IdentityProvider.objects.get()
    assert (row.issuer, row.sign_in_url) == (saml_provider.ENTITY_ID, saml_provider.SIGN_IN_URL)
    assert row.certificate == saml_provider.certificate()


def test_name_of_a_provider_stands_on_one_line(cast: Cast) -> None:
    form = {"name": "Acme\x07SAML", "metadata_xml": saml_provider.metadata()}
    page = client_of(cast.owner).post(f"{PAGE}saml/", form)
    assert page.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Leave out line breaks" in page.content.decode()


def test_saved_secret_is_not_told_to_another_issuer(acme: Acme) -> None:
    form = {"name": "ID", "issuer": "https://evil.example", "client_id": "redisgate"}
    page = client_of(acme.cast.owner).post(f"{PAGE}oidc/", form)
    assert page.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Give the client secret" in page.content.decode()


@pytest.mark.parametrize(
    ("issuer", "words"),
    [
        ("http://169.254.169.254/latest", "never connects"),
        ("https://metadata.google.internal", "metadata service"),
        ("http://127.0.0.1:9", "a public one"),
        ("http://[::1]:9", "a public one"),
        ("https://2130706433", "usual form"),
        ("ftp://id.acme.example", "Write the issuer"),
        ("https://user:secret@id.acme.example", "Write the issuer"),
        ("https://id.acme.example/?a=b", "Write the issuer"),
        ("http://203.0.113.7", "isn&#x27;t a public one"),
        ("http://9.9.9.9", "begins with https://"),
    ],
)
def test_issuer_leads_nowhere_inside(cast: Cast, issuer: str, words: str) -> None:
    form = {"name": "ID", "issuer": issuer, "client_id": "a", "client_secret": "b"}
    page = client_of(cast.owner).post(f"{PAGE}oidc/", form)
    assert page.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert words in page.content.decode()
    assert not IdentityProvider.objects.exists()


def test_domain_of_an_operator_is_approved_at_once_and_others_wait(cast: Cast) -> None:
    client_of(cast.owner).post(f"{PAGE}domains/", {"domain": "acme.example"})
    assert Domain.objects.get().approved_at is None
    cast.owner.is_staff = True
    cast.owner.save()
    client_of(cast.owner).post(f"{PAGE}domains/", {"domain": "acme.example"})
    assert Domain.objects.get().approved_at is not None
    assert AuditEvent.objects.filter(action=Action.DOMAIN_APPROVE).count() == 1


def test_operator_approves_a_domain_in_the_admin(acme: Acme) -> None:
    operator = acme.cast.outsider
    operator.is_staff = operator.is_superuser = True
    operator.save()
    domain = Domain.objects.create(organization=acme.cast.globex, name="globex.example")
    wish = {"action": "approve", "_selected_action": [str(domain.pk)], "confirmed": "yes"}
    client_of(operator).post("/admin/sso/domain/", wish)
    domain.refresh_from_db()
    assert domain.approved_by == operator
    assert client_of(operator).get("/admin/socialaccount/").status_code == HTTPStatus.NOT_FOUND


def test_program_puts_the_whole_of_it_and_reads_no_secret(cast: Cast, settings: Settings) -> None:
    settings.EXTERNAL_NETWORKS = (ip_network("127.0.0.0/8"),)
    client = client_of(cast.owner)
    url = f"/api/organizations/{cast.acme.id}/sso"
    empty = client.get(url).json()
    assert (empty["mode"], empty["protocol"], empty["domains"]) == ("off", None, [])
    wish = {
        "protocol": "saml",
        "name": "Acme SAML",
        "metadata_xml": saml_provider.metadata(),
        "domains": ["acme.example"],
        "default_role": "developer",
    }
    told = client.put(url, wish, content_type="application/json")
    assert told.status_code == HTTPStatus.OK, told.content
    body = told.json()
    assert body["domains"] == [{"name": "acme.example", "is_approved": False}]
    assert (body["default_role"], body["issuer"]) == ("developer", saml_provider.ENTITY_ID)
    early = client.put(url, {**wish, "mode": "required"}, content_type="application/json")
    assert (early.status_code, early.json()["code"]) == (409, "sso_not_ready")
    assert client.delete(url).status_code == HTTPStatus.NO_CONTENT
    assert client.get(url).json()["protocol"] is None
