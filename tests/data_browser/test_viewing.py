"""Each type as the page shows it, whatever its name and its values hold."""

import gzip

import pytest

from browser.quoting import to_ref
from instances.models import Instance
from tests.conftest import Cast
from tests.data_browser.conftest import RealServer
from tests.data_browser.visitor import Visitor

pytestmark = pytest.mark.django_db
NAMES = [b"", b"plain", b"a b", b"\x00", b"\r\n", b"\xff\xfe", "ü😀".encode(), b"<b>&", b"x" * 5000]


@pytest.fixture
def viewer(cast: Cast, instance: Instance) -> Visitor:
    return Visitor(cast.viewer)


@pytest.mark.parametrize("name", NAMES)
def test_key_of_any_name_is_listed_and_opened(
    server: RealServer, viewer: Visitor, name: bytes
) -> None:
    server.client.set(name, "what it holds")
    assert f'data-ref="key-{to_ref(name)}"' in viewer.page()
    assert "what it holds" in viewer.key(name)
    assert "what it holds" in viewer.page(key=to_ref(name))


def test_string_is_decoded_and_can_be_read_otherwise(server: RealServer, viewer: Visitor) -> None:
    server.client.set("s", gzip.compress(b'{"a":1}'), ex=100)
    text = viewer.key(b"s")
    assert "gzip → JSON" in text
    assert '"a": 1' in text
    assert "1 min 39 s" in text or "1 min 40 s" in text
    assert "1f 8b" in viewer.key(b"s", **{"as": "hex"})


def test_large_string_is_shown_in_windows(server: RealServer, viewer: Visitor) -> None:
    server.client.set("s", b"a" * 600_000 + b"THE END")
    first = viewer.key(b"s")
    assert "THE END" not in first
    assert "start=524288" in first
    assert "THE END" in viewer.key(b"s", start="524288")


def test_hash_is_shown_and_searched(server: RealServer, viewer: Visitor) -> None:
    server.client.hset("h", mapping={b"f\xff": b"v\x00", b"": b"empty", b"other": b"x"})
    text = viewer.key(b"h")
    for part in (r"f\xff", r"v\x00", "(empty)", "3 fields", "HSCAN h 0 COUNT"):
        assert part in text
    found = viewer.key(b"h", match="oth")
    assert "other" in found
    assert r"f\xff" not in found
    assert "empty" in viewer.key(b"h", element="")


def test_long_list_is_paged(server: RealServer, viewer: Visitor) -> None:
    server.client.rpush("l", *[f"item {n}" for n in range(250)])
    assert "item 99" in viewer.key(b"l")
    assert "item 100" not in viewer.key(b"l")
    last = viewer.key(b"l", start="200")
    assert "item 249" in last
    assert "LRANGE l 200 299" in last


def test_large_elements_come_few_at_a_time(server: RealServer, viewer: Visitor) -> None:
    server.client.rpush("l", *[bytes([65 + n]) * 400_000 for n in range(5)])
    text = viewer.key(b"l")
    assert text.count("<tr>") - 1 == 2
    assert len(text) < 50_000


def test_large_hash_is_walked_by_cursor(server: RealServer, viewer: Visitor) -> None:
    server.client.hset("h", mapping={f"f{n}": n for n in range(2000)})
    assert "start=" in viewer.key(b"h")


def test_sorted_set_shows_exact_scores(server: RealServer, viewer: Visitor) -> None:
    server.client.zadd("z", {b"m\xff": 0.1, b"inf": float("inf")})
    text = viewer.key(b"z")
    assert "0.10000000000000001" in text or "0.1" in text
    assert r"m\xff" in text
    assert "inf" in viewer.key(b"z", match="in")


def test_set_is_shown(server: RealServer, viewer: Visitor) -> None:
    server.client.sadd("s", b"a\x00", b"")
    text = viewer.key(b"s")
    assert r"a\x00" in text
    assert "2 members" in text


def test_stream_keeps_doubled_fields_and_shows_its_groups(
    server: RealServer, viewer: Visitor
) -> None:
    client = server.client
    for number in range(3):
        server.send("XADD", "st", f"{number + 1}-0", "f", "first", "f", "second")
    client.xgroup_create("st", b"workers\xff", "0")
    server.send("XREADGROUP", "GROUP", b"workers\xff", "bob", "COUNT", 2, "STREAMS", "st", ">")
    text = viewer.key(b"st")
    assert text.count("first") == text.count("second") == 3
    for part in (r"workers\xff", "bob", "2 pending", "1 not delivered", "delivered 1 time"):
        assert part in text
    assert text.index(">3-0<") < text.index(">1-0<")


def test_looking_does_not_make_a_key_seem_used(server: RealServer, viewer: Visitor) -> None:
    server.client.set("s", "x")
    server.send("CONFIG", "SET", "maxmemory-policy", "allkeys-lfu")
    server.send("RESTORE", "s", 0, server.client.dump("s") or b"", "REPLACE", "FREQ", 9)
    for _ in range(20):
        viewer.key(b"s")
    frequency = server.client.object("FREQ", "s")
    server.send("CONFIG", "SET", "maxmemory-policy", "noeviction")
    assert frequency == 9


def test_key_that_is_gone_says_so(viewer: Visitor) -> None:
    assert "The key is gone" in viewer.key(b"nothing")


def test_empty_database_teaches_and_others_are_counted(server: RealServer, cast: Cast) -> None:
    server.instance(cast.acme)
    assert "SET your first key" in Visitor(cast.developer).page()
    assert "No keys yet" in Visitor(cast.viewer).page()
    server.client.set("a", 1)
    server.client.move("a", 3)
    text = Visitor(cast.viewer).page()
    assert "· 1" in text
    assert 'data-ref="key-YQ"' in Visitor(cast.viewer).page(db="3")


def test_nothing_found_teaches_patterns(server: RealServer, viewer: Visitor) -> None:
    server.client.set("a", 1)
    text = viewer.page(q="nope")
    assert "No key matches" in text
    assert "user:[ab]" in text


def test_full_name_is_found_before_the_scan_comes_to_it(million: RealServer, cast: Cast) -> None:
    million.instance(cast.acme)
    assert 'title="needle:in:the:haystack"' in Visitor(cast.viewer).page(
        q="needle:in:the:haystack", view="list"
    )


def test_page_on_a_million_keys_is_short_and_goes_on(million: RealServer, cast: Cast) -> None:
    million.instance(cast.acme)
    text = Visitor(cast.viewer).page(view="list")
    assert "of about 1,000,001 keys" in text
    assert len(text) < 600_000
    tree = Visitor(cast.viewer).page()
    assert tree.count("<li data-ref=") in (1, 2, 3)


def test_search_is_copied_as_a_command(viewer: Visitor, server: RealServer) -> None:
    server.client.set("a b", "x")
    text = viewer.page(q="a b", type="string")
    assert "SCAN 0 MATCH &quot;*a b*&quot; TYPE string COUNT 1000" in text


def test_part_of_a_tree_is_a_page_of_its_own(server: RealServer, viewer: Visitor) -> None:
    server.client.mset({"a:b:1": 1, "a:c": 1, "x": 1})
    text = viewer.page(below=to_ref(b"a:"))
    assert 'title="a:b:"' in text
    assert 'title="a:c"' in text
    assert 'title="x"' not in text


@pytest.mark.parametrize(
    "query",
    ["db=99", "db=x", "how=no", "type=no", "cursor=-1", "as=no", "sep=", "cursor=" + "9" * 30],
)
def test_odd_address_counts_as_not_said(viewer: Visitor, query: str) -> None:
    name, _, value = query.partition("=")
    assert "data-keys" in viewer.page(**{name: value})


def test_address_that_names_no_key_is_refused(viewer: Visitor) -> None:
    assert viewer.client.get("/orgs/acme/instances/sessions/data/?key=!").status_code == 400
