"""Where people may send the platform: strict names, judged addresses, and nothing in between."""

import ipaddress
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as some

from redisgate.lib import outward_dialing
from redisgate.lib.outward import Guard, OutwardRefused, is_public, read_host

CLOSED = Guard()
PUBLIC = ("93.184.215.14", "1.1.1.1", "2606:4700:4700::1111")
ODD_HOSTS = (
    *("2130706433", "0x7f000001", "0177.0.0.1", "127.1", "127.0.1", "0x7f.0.0.1", "010.0.0.1"),
    *("1.2.3.0x4", "017700000001", "0", "", ".", "a..b", "-a.example", "a b", "a\tb", "a\nb"),
    *("fe80::1%eth0", "::1%lo", "[::1]", "good.com@127.0.0.1", "127.0.0.1#.good.com", "a/b"),
    *(
        "\uff11\uff12\uff17.0.0.1",
        "\u24dbocalhost",
        "127\u30020\u30020\u30021",
        "a\0.b",
        "good.com\\127.0.0.1",
        "x" * 64 + ".com",
    ),
    *("metadata.google.internal", "METADATA.google.internal.", "instance-data", "1.2.3.4.5"),
    "good.com\\127.0.0.1",
)
NEVER = ("169.254.169.254", "169.254.170.2", "fe80::1", "168.63.129.16", "100.100.100.200")


@pytest.mark.parametrize("host", ODD_HOSTS)
def test_odd_shape_of_a_host_is_refused(host: str) -> None:
    with pytest.raises(OutwardRefused):
        read_host(host)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("Redis.Example.COM.", "redis.example.com"),
        ("203.0.113.7", "203.0.113.7"),
        ("2001:DB8:0:0::1", "2001:db8::1"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("my_redis", "my_redis"),
    ],
)
def test_usual_shape_is_read(typed: str, read: str) -> None:
    assert read_host(typed) == read


@pytest.mark.parametrize("text", PUBLIC)
def test_public_address_is_open(text: str) -> None:
    address = ipaddress.ip_address(text)
    assert CLOSED.judge(address) == address


@pytest.mark.parametrize("text", NEVER)
def test_no_setting_opens_a_metadata_service(text: str) -> None:
    everything = Guard(tuple(map(ipaddress.ip_network, ("0.0.0.0/0", "::/0"))))
    with pytest.raises(OutwardRefused):
        everything.judge(ipaddress.ip_address(text))


def test_own_network_is_open_where_the_operator_says_so() -> None:
    guard = Guard((ipaddress.ip_network("10.1.0.0/16"),))
    inside = ipaddress.ip_address("10.1.2.3")
    assert guard.judge(inside) == inside
    assert guard.judge(ipaddress.ip_address("::ffff:10.1.2.3")) == inside
    with pytest.raises(OutwardRefused):
        guard.judge(ipaddress.ip_address("10.2.0.1"))


def test_name_with_one_forbidden_address_is_refused_as_a_whole() -> None:
    with pytest.raises(OutwardRefused):
        CLOSED.choose(["1.1.1.1", "10.0.0.1"])
    with pytest.raises(OutwardRefused):
        CLOSED.choose([])


@given(some.ip_addresses(v=4))
def test_address_that_the_library_knows_as_not_global_is_never_open(
    address: ipaddress.IPv4Address,
) -> None:
    is_special = not address.is_global or address.is_multicast or address.is_reserved
    if is_special:
        assert not is_public(address)
    if is_special or not is_public(address):
        with pytest.raises(OutwardRefused):
            CLOSED.judge(address)


@given(some.ip_addresses(v=4))
def test_ipv6_around_an_ipv4_address_opens_nothing_more(address: ipaddress.IPv4Address) -> None:
    number = int(address)
    mapped = ipaddress.IPv6Address((0xFFFF << 32) | number)
    assert _opens(mapped) == _opens(address)
    for around in (
        ipaddress.IPv6Address(number),
        ipaddress.IPv6Address((0x64FF9B << 96) | number),
        ipaddress.IPv6Address((0x2002 << 112) | (number << 80)),
    ):
        assert not _opens(around)
        lifted = Guard((ipaddress.ip_network("::/0"),))
        assert _opens(address) or not _opens(around, lifted)


@given(some.ip_addresses(v=6))
def test_ipv6_outside_the_public_range_is_never_open(address: ipaddress.IPv6Address) -> None:
    if address.ipv4_mapped is None and address not in ipaddress.ip_network("2000::/3"):
        assert not _opens(address)


@given(some.text(max_size=40))
def test_what_is_read_is_an_address_or_a_name_and_reads_as_itself(text: str) -> None:
    try:
        host = read_host(text)
    except OutwardRefused:
        return
    assert read_host(host) == host
    assert host.isascii()
    assert not set(host) & set(" \t\r\n\0/\\@#?%[]")


def test_resolver_is_asked_once_and_its_answer_is_what_is_used() -> None:
    answers = [["1.1.1.1"], ["127.0.0.1"]]
    asked: list[str] = []

    def rebinding(host: str, port: int) -> list[str]:
        asked.append(host)
        return answers.pop(0)

    found = outward_dialing.destination("rebind.example", 6379, CLOSED, resolve=rebinding)
    assert (found, asked) == ("1.1.1.1", ["rebind.example"])
    with pytest.raises(OutwardRefused):
        outward_dialing.destination("rebind.example", 6379, CLOSED, resolve=rebinding)


def test_another_peer_than_the_judged_one_is_refused() -> None:
    outward_dialing.check_peer("::ffff:1.1.1.1", "1.1.1.1")
    with pytest.raises(OutwardRefused):
        outward_dialing.check_peer("127.0.0.1", "1.1.1.1")


def test_own_port_of_this_machine_is_refused_and_others_are_not() -> None:
    guard = Guard((ipaddress.ip_network("127.0.0.0/8"),), (range(20000, 20010), range(8000, 8001)))
    with pytest.raises(OutwardRefused, match="itself"):
        outward_dialing.destination("127.0.0.1", 20003, guard)
    with pytest.raises(OutwardRefused, match="itself"):
        outward_dialing.destination("127.1.2.3", 8000, guard)
    assert outward_dialing.destination("127.0.0.1", 6379, guard) == "127.0.0.1"
    assert not outward_dialing.is_of_this_machine(ipaddress.ip_address("1.1.1.1"))


def test_name_that_leads_nowhere_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    with pytest.raises(outward_dialing.NameUnknown, match="resolved"):
        outward_dialing.destination("nowhere.example", 6379, CLOSED)


def _opens(address: ipaddress.IPv4Address | ipaddress.IPv6Address, guard: Guard = CLOSED) -> bool:
    try:
        guard.judge(address)
    except OutwardRefused:
        return False
    return True
