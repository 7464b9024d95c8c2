"""Which proxies may be trusted: named ones, never everybody."""

import pytest

from redisgate.lib.env_values import proxies


def test_addresses_and_networks_are_read() -> None:
    named = "10.0.0.5, 10.1.0.0/16,2001:db8::/32"
    assert proxies(named) == ["10.0.0.5", "10.1.0.0/16", "2001:db8::/32"]
    assert proxies("") == []


@pytest.mark.parametrize("value", ["*", "10.0.0.5,*", "0.0.0.0/0", "::/0", "nginx"])
def test_everybody_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        proxies(value)
