from uuid import UUID, uuid4

import pytest
from pytest_django import Settings

from apikeys import token
from redisgate.lib import tokens
from redisgate.lib.tokens import BadToken

KEY_ID = UUID("0f1e2d3c-4b5a-4678-9abc-def012345678")


def test_key_carries_its_id_behind_the_prefix() -> None:
    text = token.issue(KEY_ID)
    assert text.startswith("rg_")
    assert token.key_id_of(text) == KEY_ID


def test_key_fits_where_passwords_go() -> None:
    text = token.issue(KEY_ID)
    assert len(text) < 300
    assert text.isascii()
    assert not set(text) & set(" /+=:@\"'")


def test_two_keys_of_one_id_differ() -> None:
    assert token.issue(KEY_ID) != token.issue(KEY_ID)


def test_end_of_an_earlier_kind_of_token_is_the_rows_business() -> None:
    claims = {"aud": token.AUDIENCE, "jti": KEY_ID.hex, "exp": 1}
    assert token.key_id_of("rg_" + tokens.sign(claims)) == KEY_ID


def test_key_of_a_retired_signing_key_opens_until_that_key_is_gone(
    settings: Settings,
) -> None:
    settings.SIGNING_KEYS = [("k1", "a" * 40)]
    text = token.issue(KEY_ID)
    settings.SIGNING_KEYS = [("k2", "b" * 40), ("k1", "a" * 40)]
    assert token.key_id_of(text) == KEY_ID
    settings.SIGNING_KEYS = [("k2", "b" * 40)]
    with pytest.raises(BadToken):
        token.key_id_of(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "rg_",
        "rg_a.b.c",
        "rg_" + "a" * 1_000_000,
        "rg_\ud800",
        "rg_é.ü.ß",
        "rg_eyJhbGciOiJub25lIiwia2lkIjoiazEifQ.e30.",
        "rg_eyJhbGciOiJIUzI1NiIsImtpZCI6W119.e30.AAAA",
    ],
)
def test_nonsense_is_no_key(text: str) -> None:
    with pytest.raises(BadToken):
        token.key_id_of(text)


def test_token_for_another_purpose_is_no_key() -> None:
    with pytest.raises(BadToken):
        token.key_id_of("rg_" + tokens.sign({"aud": "redisgate:api", "jti": uuid4().hex}))


@pytest.mark.parametrize("jti", [None, 5, [], "short"])
def test_signed_claims_without_an_id_are_no_key(jti: object) -> None:
    claims = {"aud": token.AUDIENCE, **({} if jti is None else {"jti": jti})}
    with pytest.raises(BadToken):
        token.key_id_of("rg_" + tokens.sign(claims))


def test_hint_shows_the_end_and_little_else() -> None:
    text = token.issue(KEY_ID)
    hint = token.hint_of(text)
    assert hint == f"rg_…{text[-6:]}"
    assert len(hint) <= 12


def test_acl_user_is_named_after_the_key() -> None:
    assert token.acl_user_of(KEY_ID) == "rg_0f1e2d3c4b5a"
