"""What the example for Caddy leaves of an address in its log."""

import re

import pytest

from tests.platform import ROOT

INSTANCE = "/redis/0a4f6a39-5f0f-4c9e-8d4c-b7d3c0a1f2e3"


@pytest.fixture(scope="module")
def rule() -> re.Pattern[str]:
    example = (ROOT / "deploy" / "caddy" / "Caddyfile").read_text()
    (found,) = re.findall(r'request>uri regexp "(.+)" "\$1"$', example, re.M)
    return re.compile(found)


@pytest.mark.parametrize(
    ("asked", "logged"),
    [
        (f"{INSTANCE}/set/a-key/a-value?_token=a", INSTANCE),
        (f"{INSTANCE}?_token=a", INSTANCE),
        (f"/{INSTANCE}/set/a-key/a-value", f"/{INSTANCE}"),
        (INSTANCE.replace("r", "%72") + "/set/a-key/a-value", "/"),
        ("/accounts/password/reset/key/1-a-secret/", "/accounts/password/reset/key/"),
        ("/accounts/confirm-email/a:b:c/?next=%2F", "/accounts/confirm-email/"),
        ("/accounts/login/?next=/orgs/", "/accounts/login/"),
        ("/orgs/acme/instances/", "/orgs/acme/instances/"),
    ],
)
def test_address_is_logged_without_what_is_secret(
    rule: re.Pattern[str], asked: str, logged: str
) -> None:
    assert rule.sub(r"\1", asked) == logged
