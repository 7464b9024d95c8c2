"""Half a provider in the environment ends the start with one sentence."""

from pathlib import Path

import pytest

from redisgate.lib.env import BadSetting
from redisgate.lib.env_rules import require_sso_together
from redisgate.lib.env_values import optional_web_page, page_or_file

ISSUER = "https://id.example.com/realms/main"


def test_nothing_and_everything_are_fine() -> None:
    require_sso_together("", "", "", "", [])
    require_sso_together(ISSUER, "redisgate", "secret", "", ["*"])
    require_sso_together("", "", "", "/etc/idp.xml", ["example.com"])


@pytest.mark.parametrize(("client", "secret"), [("", ""), ("redisgate", ""), ("", "canary")])
def test_issuer_needs_a_client(client: str, secret: str) -> None:
    with pytest.raises(BadSetting, match="SSO_OIDC_CLIENT_ID and SSO_OIDC_CLIENT_SECRET") as bad:
        require_sso_together(ISSUER, client, secret, "", ["*"])
    assert "canary" not in str(bad.value)


@pytest.mark.parametrize(("issuer", "metadata"), [(ISSUER, ""), ("", "/etc/idp.xml")])
def test_how_far_a_provider_reaches_must_be_said(issuer: str, metadata: str) -> None:
    with pytest.raises(BadSetting, match="SSO_DOMAINS is missing"):
        require_sso_together(issuer, "redisgate", "secret", metadata, [])


@pytest.mark.parametrize("value", ["nonsense", "ftp://id.example.com", "https://u:p@example.com"])
def test_odd_issuers_are_refused(value: str) -> None:
    with pytest.raises(ValueError, match=value):
        optional_web_page(value)


def test_metadata_is_a_page_or_a_file_that_is_there(tmp_path: Path) -> None:
    assert page_or_file("https://id.example.com/metadata")
    with pytest.raises(ValueError, match="nowhere"):
        page_or_file("/nowhere/idp.xml")
