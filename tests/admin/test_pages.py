"""The admin's pages: for operators alone, searchable, and without a secret."""

from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from accounts import refresh_tokens
from accounts.models import User
from accounts.refresh_tokens import Visit
from apikeys import services as keys
from instances.models import Host, Instance
from tests.clients import browser
from tests.conftest import Cast, actor
from tests.instances.test_services import make

OURS = [model for model in apps.get_models() if admin.site.is_registered(model)]


def address(model: type[Model], page: str, *arguments: Any) -> str:
    options = model._meta
    return reverse(f"admin:{options.app_label}_{options.model_name}_{page}", args=arguments)


def test_rows_of_libraries_are_not_shown() -> None:
    places = {apps.get_app_config(model._meta.app_label).path for model in OURS}
    assert all(place.startswith(str(settings.BASE_DIR)) for place in places)
    assert not any(".venv" in place for place in places)
    wanted = {"User", "Organization", "InstanceQuota", "Plan", "Instance", "ApiKey"}
    assert wanted <= {model.__name__ for model in OURS}


@pytest.mark.parametrize("model", OURS, ids=lambda model: str(model.__name__))
def test_lists_answer_search_and_are_closed_to_everybody_else(
    cast: Cast, operator: Client, model: type[Model]
) -> None:
    url = address(model, "changelist")
    assert operator.get(url).status_code == 200
    assert operator.get(url, {"q": "acme"}).status_code == 200
    for stranger in (Client(), browser(cast.owner)):
        assert stranger.get(url).status_code == 302


@pytest.fixture
def canaries(cast: Cast) -> set[str]:
    """Put a secret everywhere that holds one, and name them all."""
    instance = make(cast)
    key, token = keys.create(actor(cast.owner), cast.acme, name="Shop", scopes=["read"])
    Instance.objects.filter(pk=instance.pk).update(former_password="former-canary-secret")
    row = Instance.objects.get(pk=instance.pk)
    Host.objects.create(
        name="host",
        disk_free_mb=1,
        disk_total_mb=1,
        memory_free_mb=1,
        memory_total_mb=1,
        may_overcommit=True,
        seen_at=row.created_at,
    )
    return {
        row.password,
        row.admin_password,
        row.former_password,
        token,
        key.fingerprint,
        str(refresh_tokens.begin(cast.owner, Visit()).token),
        User.objects.get(pk=cast.owner.pk).password,
        settings.SECRET_KEY,
    }


def test_no_page_shows_a_secret(operator: Client, canaries: set[str]) -> None:
    pages = 0
    for model in OURS:
        urls = [address(model, "changelist")]
        urls += [address(model, "change", row.pk) for row in model._default_manager.all()[:20]]
        for url in urls:
            page = operator.get(url)
            assert page.status_code == 200, url
            shown = [secret for secret in canaries if secret in page.content.decode()]
            assert shown == [], url
            pages += 1
    assert pages > 15


def test_people_are_found_by_address_and_organizations_by_their_people(
    cast: Cast, operator: Client
) -> None:
    people = operator.get("/admin/accounts/user/", {"q": "victor@"}).content.decode()
    assert cast.viewer.email in people
    assert cast.owner.email not in people
    found = operator.get("/admin/orgs/organization/", {"q": cast.outsider.email}).content.decode()
    assert "Globex" in found
    assert ">Acme<" not in found


def test_only_operators_find_the_admin_in_their_menu(cast: Cast) -> None:
    assert "/admin/" not in browser(cast.owner).get("/orgs/acme/").content.decode()
    User.objects.filter(pk=cast.owner.pk).update(is_staff=True)
    assert "Operator admin" in browser(cast.owner).get("/orgs/acme/").content.decode()


def test_rows_are_not_deleted_or_added_by_hand(cast: Cast, operator: Client) -> None:
    for model in OURS:
        assert operator.get(address(model, "add")).status_code in {200, 403}
    url = address(type(cast.acme), "delete", cast.acme.pk)
    assert operator.post(url, {"post": "yes"}).status_code == 403
