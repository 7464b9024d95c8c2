"""The list of keys: its order, and the end of many at once."""

import pytest

from apikeys import services
from apikeys.models import ApiKey
from audit.models import AuditEvent
from tests.apikeys.rows import make_key
from tests.clients import browser
from tests.conftest import Cast, actor

LIST = "/orgs/acme/api-keys/"
MANY = f"{LIST}revoke/"
HTMX = {"HX-Request": "true"}


def keys(cast: Cast, *names: str) -> list[ApiKey]:
    return [make_key(cast.owner, cast.acme, name=name)[0] for name in names]


def chosen(*found: ApiKey, **more: str) -> dict[str, object]:
    return {"key": [str(key.pk) for key in found], **more}


def is_revoked(*found: ApiKey) -> list[bool]:
    return [ApiKey.objects.get(pk=key.pk).revoked_at is not None for key in found]


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
def test_first_the_keys_are_named_and_the_word_is_asked_for(
    cast: Cast, headers: dict[str, str]
) -> None:
    shop, crawler, kept = keys(cast, "Shop", "Crawler", "Staying")
    answer = browser(cast.developer).post(MANY, chosen(shop, crawler), headers=headers)
    assert "Revoke 2 keys?" in answer.text
    assert shop.hint in answer.text
    assert "Staying" not in answer.text
    assert is_revoked(shop, crawler, kept) == [False, False, False]


def test_what_ended_meanwhile_is_skipped_and_not_counted(cast: Cast) -> None:
    shop, gone, crawler = keys(cast, "Shop", "Gone", "Crawler")
    services.revoke(actor(cast.owner), ApiKey.objects.get(pk=gone.pk))
    assert services.revoke_many(actor(cast.owner), [shop, gone, crawler]) == 2
    assert gone.revoked_at is not None


def test_wrong_word_ends_nothing(cast: Cast) -> None:
    (shop,) = keys(cast, "Shop")
    data = chosen(shop, confirmed="1", confirm="yes")
    answer = browser(cast.developer).post(MANY, data, headers=HTMX)
    assert answer.status_code == 422
    assert "Type the word revoke" in answer.text
    assert is_revoked(shop) == [False]


def test_confirmed_each_ends_and_is_written_down(cast: Cast) -> None:
    shop, crawler, kept = keys(cast, "Shop", "Crawler", "Staying")
    data = chosen(shop, crawler, confirmed="1", confirm="Revoke ")
    answer = browser(cast.developer).post(MANY, data, headers=HTMX)
    assert "2 keys are revoked." in answer["HX-Trigger"]
    assert answer["HX-Retarget"] == "#keys"
    assert is_revoked(shop, crawler, kept) == [True, True, False]
    assert AuditEvent.objects.filter(action="api_key.revoke").count() == 2


def test_foreign_key_is_as_if_it_never_was(cast: Cast) -> None:
    foreign, _ = make_key(cast.outsider, cast.globex)
    data = chosen(foreign, confirmed="1", confirm="revoke")
    assert "0 keys" in browser(cast.owner).post(MANY, data, follow=True).text
    assert is_revoked(foreign) == [False]


def test_who_may_not_revoke_has_no_boxes(cast: Cast) -> None:
    keys(cast, "Shop")
    assert 'name="key"' not in browser(cast.viewer).get(LIST).text
    assert 'name="key"' in browser(cast.developer).get(LIST).text
    assert 'name="key"' not in browser(cast.developer).get(f"{LIST}?show=revoked").text


def test_list_is_sorted_by_its_heads_and_says_so(cast: Cast) -> None:
    keys(cast, "banana", "Apple", "cherry")
    text = browser(cast.viewer).get(f"{LIST}?sort=name").text
    assert text.index("Apple") < text.index("banana") < text.index("cherry")
    assert 'aria-sort="ascending"' in text
    assert f'href="{LIST}?sort=-name"' in text


def test_search_gives_the_list_alone_and_the_count(cast: Cast) -> None:
    keys(cast, "Shop", "Crawler")
    part = {**HTMX, "HX-Target": "keys"}
    answer = browser(cast.viewer).get(f"{LIST}?search=shop&show=", headers=part)
    assert "<html" not in answer.text
    assert "1 key found" in " ".join(answer.text.split())
    assert answer["HX-Replace-Url"] == f"{LIST}?search=shop"


def test_key_is_told_by_its_end_and_its_scope_in_the_words_of_the_form(cast: Cast) -> None:
    key, token = make_key(cast.owner, cast.acme, scopes=["read", "write"])
    assert key.hint == f"rg_…{token[-6:]}"
    for path in (LIST, f"{LIST}{key.pk}/"):
        assert "Read and write" in browser(cast.viewer).get(path).text
