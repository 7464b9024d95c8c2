"""Addresses of mail servers, as operators write them."""

import pytest

from redisgate.lib.env_values import mail_address


@pytest.mark.parametrize(
    ("scheme", "port", "starts_tls", "is_tls"),
    [("smtp", 25, False, False), ("smtp+tls", 587, True, False), ("smtp+ssl", 465, False, True)],
)
def test_scheme_says_port_and_encryption(
    scheme: str, port: int, starts_tls: bool, is_tls: bool
) -> None:
    server = mail_address(f"{scheme}://gate%40example.com:p%2Fss@mail.example.com")
    assert (server.host, server.port) == ("mail.example.com", port)
    assert (server.user, server.password) == ("gate@example.com", "p/ss")
    assert (server.starts_tls, server.is_tls) == (starts_tls, is_tls)
    assert server.backend.endswith("smtp.EmailBackend")
    assert "p/ss" not in repr(server)


def test_given_port_wins() -> None:
    assert mail_address("smtp+tls://mail.example.com:2525").port == 2525


def test_without_a_server_mail_is_printed() -> None:
    server = mail_address("consolemail://")
    assert server.host == ""
    assert server.backend.endswith("console.EmailBackend")
