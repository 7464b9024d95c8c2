"""Answers of a SAML provider, good ones and forged ones, through the real views."""

import re
import zlib
from base64 import b64decode, b64encode
from datetime import timedelta
from html import unescape
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from orgs.models import Membership
from orgs.roles import Role
from sso import metadata, saml
from sso.models import Protocol
from sso.refusals import ProviderFailed
from tests.sso import saml_provider
from tests.sso.conftest import Acme
from tests.sso.saml_provider import Answer

pytestmark = pytest.mark.django_db

SITE = "http://testserver"


@pytest.fixture
def by_saml(acme: Acme, settings: Settings) -> Acme:
    settings.PUBLIC_URL = SITE
    found = metadata.read(saml_provider.metadata())
    acme.provider.protocol = Protocol.SAML
    acme.provider.issuer, acme.provider.sign_in_url = found.entity_id, found.sign_in_url
    acme.provider.certificate = found.certificate
    acme.provider.save()
    return acme


def asked(client: Client, acme: Acme) -> Answer:
    """Go to the provider with a browser, and return the answer it would give."""
    page = client.post(f"/sso/with/{acme.provider.key}/").content.decode()
    match = re.search(r'href="(https://saml\.acme\.example/[^"]+)"', page)
    assert match, page
    query = parse_qs(urlsplit(unescape(match[1])).query)
    question = zlib.decompress(b64decode(query["SAMLRequest"][0]), -15).decode()
    found = re.search(r'ID="([^"]+)"', question)
    assert found, question
    return Answer(
        in_response_to=found[1],
        acs_url=saml.acs_url(acme.provider.key),
        audience=saml.entity_id(acme.provider.key),
    )


def answered(client: Client, acme: Acme, answer: str) -> Any:
    """Bring an answer from the provider, as a browser does."""
    url = saml.acs_url(acme.provider.key).removeprefix(SITE)
    posted = client.post(url, {"SAMLResponse": answer})
    return client.get(posted.headers["Location"]) if posted.status_code == 302 else posted


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_signed_answer_makes_a_member(by_saml: Acme) -> None:
    client = Client()
    page = answered(client, by_saml, asked(client, by_saml).encoded())
    assert (page.status_code, page.headers["Location"]) == (302, "/orgs/acme/")
    assert is_signed_in(client)
    assert Membership.objects.get(user__email="nina@acme.example").role == Role.VIEWER


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"signed_by": None}, id="unsigned"),
        pytest.param({"signed_by": "somebody else"}, id="signed by somebody else"),
        pytest.param({"audience": "https://other.example/"}, id="for another audience"),
        pytest.param({"acs_url": f"{SITE}/elsewhere/"}, id="for another address"),
        pytest.param({"issuer": "https://evil.example/"}, id="of another issuer"),
        pytest.param({"ends_after": timedelta(hours=-1)}, id="expired"),
        pytest.param({"in_response_to": "_nobody-asked"}, id="nobody asked"),
        pytest.param({"in_response_to": ""}, id="not asked for at all"),
    ],
)
def test_bad_answer_signs_nobody_in(by_saml: Acme, changes: dict[str, object]) -> None:
    client = Client()
    answer = asked(client, by_saml).but(**changes)
    page = answered(client, by_saml, answer.encoded())
    assert page.status_code in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}
    assert "Sign in again" in page.content.decode()
    assert not is_signed_in(client)
    assert not User.objects.filter(email="nina@acme.example").exists()


def test_answer_works_once(by_saml: Acme) -> None:
    client = Client()
    answer = asked(client, by_saml).encoded()
    answered(client, by_saml, answer)
    client.logout()
    page = answered(client, by_saml, answer)
    assert page.status_code == HTTPStatus.FORBIDDEN
    assert "used before" in page.content.decode()
    assert not is_signed_in(client)


def test_answer_for_one_browser_is_of_no_use_in_another(by_saml: Acme) -> None:
    answer = asked(Client(), by_saml).encoded()
    other = Client()
    assert answered(other, by_saml, answer).status_code == HTTPStatus.FORBIDDEN
    assert not is_signed_in(other)


def test_changed_address_breaks_the_signature(by_saml: Acme) -> None:
    client = Client()
    signed = b64decode(asked(client, by_saml).encoded())
    forged = b64encode(signed.replace(b"nina@acme.example", b"adam@acme.example")).decode()
    assert answered(client, by_saml, forged).status_code == HTTPStatus.UNAUTHORIZED
    assert not is_signed_in(client)


def test_address_of_another_tenant_is_refused(by_saml: Acme) -> None:
    client = Client()
    answer = asked(client, by_saml).but(address="otto@example.com")
    page = answered(client, by_saml, answer.encoded())
    assert page.status_code == HTTPStatus.FORBIDDEN
    assert "has not shown that addresses at example.com" in page.content.decode()


@pytest.mark.parametrize("answer", ["", "%%%", "bm8geG1s", "A" * 300_000])
def test_what_is_no_answer_takes_no_room(by_saml: Acme, answer: str) -> None:
    client = Client()
    assert answered(client, by_saml, answer).status_code == HTTPStatus.FORBIDDEN
    assert not client.cookies


def test_our_metadata_names_the_address_for_answers(by_saml: Acme) -> None:
    told = Client().get(saml.entity_id(by_saml.provider.key).removeprefix(SITE))
    assert saml.acs_url(by_saml.provider.key) in told.content.decode()


@pytest.mark.parametrize(
    "xml",
    [
        "",
        "no xml",
        "<a/>",
        '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
        saml_provider.metadata().replace("HTTP-Redirect", "SOAP"),
        saml_provider.metadata().replace("https://saml", "javascript:saml"),
    ],
)
def test_what_is_no_metadata_is_refused_in_words(xml: str) -> None:
    with pytest.raises(ProviderFailed, match="metadata"):
        metadata.read(xml)
