"""Networks as people write them, and addresses in and outside of them."""

import pytest
from django.utils import timezone

from apikeys import editing, networks
from apikeys.acl_source import source
from apikeys.verification import verify
from instances.acl import sha256
from redisgate.lib import tokens
from tests.apikeys.rows import make_key
from tests.conftest import Cast, actor
from tests.rows import add_instance


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("203.0.113.0/24", "203.0.113.0/24"),
        (" 203.0.113.9 ", "203.0.113.9/32"),
        ("2001:DB8::/32", "2001:db8::/32"),
        ("2001:db8::1", "2001:db8::1/128"),
        ("::ffff:203.0.113.0/120", "203.0.113.0/24"),
        ("::/0", "::/0"),
    ],
)
def test_network_is_kept_in_its_usual_form(written: str, meant: str) -> None:
    assert networks.network(written) == meant


@pytest.mark.parametrize(
    ("address", "is_in"),
    [
        ("203.0.113.255", True),
        ("203.0.114.0", False),
        ("::ffff:203.0.113.1", True),
        ("2001:db8:ffff::1", True),
        ("2001:db9::1", False),
        ("", False),
        ("unknown", False),
        ("203.0.113.1:8080", False),
        ("203.0.113.001", False),
    ],
)
def test_address_is_in_a_network_or_not(address: str, is_in: bool) -> None:
    assert networks.admits(("203.0.113.0/24", "2001:db8::/32"), address) is is_in


def test_key_with_networks_logs_in_natively_nowhere(cast: Cast) -> None:
    instance = add_instance(cast.acme)
    key, token = make_key(cast.owner, cast.acme, networks=["203.0.113.0/24"], key_patterns=["a:*"])
    [user] = source(instance).users
    assert user.password_sha256 != tokens.fingerprint(token)
    known = verify(token)
    # The platform itself still can, for keys that don't share a connection.
    assert user.password_sha256 == sha256(known.password)
    assert (known.networks, known.password == token) == (("203.0.113.0/24",), False)
    editing.edit(actor(cast.owner), key, networks=[])
    [user] = source(instance).users
    assert user.password_sha256 == tokens.fingerprint(token)
    assert verify(token).password == token


def test_password_of_the_platform_is_in_no_column_and_in_no_print(cast: Cast) -> None:
    key, token = make_key(cast.owner, cast.acme, networks=["203.0.113.0/24"])
    known = verify(token)
    assert known.password not in repr(known)
    assert known.password not in str(vars(key))
    assert timezone.now() > key.created_at
