"""Each change, made on a real server: what is there afterwards, and what was written down."""

from typing import Any

import pytest

from instances.models import Instance
from tests.conftest import Cast
from tests.data_browser.conftest import RealServer
from tests.data_browser.visitor import DATA, HTMX, Visitor, events, toast_of

pytestmark = pytest.mark.django_db
NAME = b"k\x00\r\n\xff"


@pytest.fixture
def dora(cast: Cast, instance: Instance) -> Visitor:
    return Visitor(cast.developer)


CREATED: list[tuple[dict[str, Any], str, tuple[Any, ...], Any]] = [
    ({"kind": "string", "value": "v"}, "GET", (), b"v"),
    ({"kind": "hash", "field": "f", "value": "v"}, "HGETALL", (), {b"f": b"v"}),
    ({"kind": "list", "value": "v"}, "LRANGE", (0, -1), [b"v"]),
    ({"kind": "set", "value": "v"}, "SMEMBERS", (), {b"v"}),
    ({"kind": "zset", "value": "v", "score": "1.5"}, "ZSCORE", (b"v",), 1.5),
    ({"kind": "stream", "field": "f", "value": "v"}, "XLEN", (), 1),
]


@pytest.mark.parametrize(("data", "command", "words", "held"), CREATED)
def test_key_of_each_type_is_created(
    server: RealServer,
    dora: Visitor,
    data: dict[str, Any],
    command: str,
    words: tuple[Any, ...],
    held: Any,
) -> None:
    response = dora.does("new", name=NAME.hex(), name_as="hex", ttl="100", **data)
    assert "was created" in toast_of(response)
    assert server.send(command, NAME, *words) == held
    assert 90 < server.client.ttl(NAME) <= 100
    assert events() == [("data.create", {"key": r"k\x00\r\n\xff", "database": 0})]


def test_new_key_never_replaces_one_that_is_there(server: RealServer, dora: Visitor) -> None:
    server.client.set("k", "old")
    response = dora.does("new", name="k", kind="string", value="new")
    assert response.status_code == 422
    assert b"a key of this name already" in response.content
    assert server.client.get("k") == b"old"
    assert events() == []


def test_string_keeps_its_time_to_live(server: RealServer, dora: Visitor) -> None:
    server.client.set(NAME, "old", ex=100)
    dora.does("set", NAME, value="new\r\nline", value_as="text")
    assert server.client.get(NAME) == b"new\nline"
    assert 90 < server.client.ttl(NAME) <= 100
    changes = {"key": r"k\x00\r\n\xff", "database": 0, "what": "value set"}
    assert events() == [("data.update", changes)]


def test_edits_of_the_parts_of_a_hash(server: RealServer, dora: Visitor) -> None:
    server.client.hset("h", b"f\xff", "old")
    dora.does("set-field", b"h", b"f\xff", value="00ff", value_as="hex")
    dora.does("add-field", b"h", field="", value="v")
    assert server.client.hgetall("h") == {b"f\xff": b"\x00\xff", b"": b"v"}
    again = dora.does("add-field", b"h", field="", value="other")
    assert b"a field of this name already" in again.content
    dora.does("remove-field", b"h", b"f\xff")
    assert server.client.hgetall("h") == {b"": b"v"}


def test_edits_of_the_items_of_a_list(server: RealServer, dora: Visitor) -> None:
    server.client.rpush("l", "a", "b", "b", "c")
    dora.does("set-item", b"l", b"0", value="A")
    dora.does("remove-item", b"l", b"2")
    dora.does("push", b"l", end="head", value="first")
    dora.does("push", b"l", end="tail", value="last")
    assert server.client.lrange("l", 0, -1) == [b"first", b"A", b"b", b"c", b"last"]


def test_edits_of_the_members_of_a_set(server: RealServer, dora: Visitor) -> None:
    server.client.sadd("s", b"a\xff")
    dora.does("add-member", b"s", member="b")
    assert "there already" in toast_of(dora.does("add-member", b"s", member="b"))
    dora.does("remove-member", b"s", b"a\xff")
    assert server.client.smembers("s") == {b"b"}


def test_edits_of_the_scores_of_a_sorted_set(server: RealServer, dora: Visitor) -> None:
    server.client.zadd("z", {b"m\xff": 1, b"gone": 2})
    dora.does("set-score", b"z", b"m\xff", score="-inf")
    dora.does("add-scored", b"z", member="n", score="2.5")
    dora.does("remove-scored", b"z", b"gone")
    scores = server.client.zrange("z", 0, -1, withscores=True)
    assert [tuple(each) for each in scores] == [(b"m\xff", float("-inf")), (b"n", 2.5)]
    assert dora.does("set-score", b"z", b"n", score="nan", seen="x").status_code == 422


def test_edits_of_a_stream_and_its_groups(server: RealServer, dora: Visitor) -> None:
    server.client.xadd("st", {"f": "v"}, id="1-0")
    dora.does("add-entry", b"st", entry="2-0", field="g", value="w")
    dora.does("remove-entry", b"st", b"1-0")
    assert server.client.xrange("st") == [(b"2-0", {b"g": b"w"})]
    dora.does("add-group", b"st", group="workers", start="0")
    assert [each["name"] for each in server.client.xinfo_groups("st")] == [b"workers"]
    again = dora.does("add-group", b"st", group="workers", start="0")
    assert b"a group of this name already" in again.content
    dora.does("remove-group", b"st", b"workers")
    assert server.client.xinfo_groups("st") == []
    refused = dora.does("add-entry", b"st", entry="1-0", field="g", value="w")
    assert b"equal or smaller" in refused.content


def test_rename_and_copy_replace_nothing(server: RealServer, dora: Visitor) -> None:
    server.client.mset({NAME: "v", b"other": "x"})
    for operation in ("rename", "copy"):
        refused = dora.does(operation, NAME, name="other", database="0")
        assert refused.status_code == 422
    assert server.client.get("other") == b"x"
    dora.does("copy", NAME, name="copied", database="3")
    dora.does("rename", NAME, name=r"new\xff", name_as="escaped")
    assert server.client.get(b"new\xff") == b"v"
    server.send("SWAPDB", 0, 3)
    assert server.client.get("copied") == b"v"
    assert [action for action, _ in events()] == ["data.copy", "data.rename"]


def test_time_to_live_is_set_and_removed(server: RealServer, dora: Visitor) -> None:
    server.client.set("k", "v")
    dora.does("ttl", b"k", ttl="60")
    assert 50 < server.client.ttl("k") <= 60
    dora.does("ttl", b"k", ttl="")
    assert server.client.ttl("k") == -1
    assert dora.does("ttl", b"k", ttl="0").status_code == 422


def test_deleted_key_leaves_the_list(server: RealServer, dora: Visitor) -> None:
    server.client.set("k", "v")
    response = dora.does("delete", b"k")
    assert '"gone": "key-aw"' in toast_of(response)
    assert not server.client.exists("k")
    assert events() == [("data.delete", {"key": "k", "database": 0})]


@pytest.mark.parametrize("operation", ["add-member", "push", "rename", "copy", "ttl", "delete"])
def test_key_that_is_gone_does_not_come_back_by_an_edit(
    server: RealServer, dora: Visitor, operation: str
) -> None:
    data = {"member": "m", "value": "v", "end": "head", "name": "n", "database": "0", "ttl": "9"}
    response = dora.does(operation, b"gone", **data)
    assert response.status_code == 422
    assert b"is not there" in response.content
    assert server.client.dbsize() == 0
    assert events() == []


CHANGED: list[tuple[str, bytes | None, dict[str, str], tuple[Any, ...], tuple[Any, ...]]] = [
    ("set", None, {"value": "mine"}, ("SET", "k", "old"), ("SET", "k", "theirs")),
    ("set-field", b"f", {"value": "mine"}, ("HSET", "k", "f", "old"), ("HSET", "k", "f", "theirs")),
    ("remove-field", b"f", {}, ("HSET", "k", "f", "old"), ("HSET", "k", "f", "theirs")),
    ("set-item", b"0", {"value": "mine"}, ("RPUSH", "k", "old"), ("LSET", "k", 0, "theirs")),
    ("remove-item", b"0", {}, ("RPUSH", "k", "old"), ("LPUSH", "k", "theirs")),
    ("set-score", b"m", {"score": "3"}, ("ZADD", "k", 1, "m"), ("ZADD", "k", 2, "m")),
]


@pytest.mark.parametrize(("operation", "element", "data", "before", "meanwhile"), CHANGED)
def test_what_somebody_changed_meanwhile_is_not_overwritten(
    server: RealServer,
    dora: Visitor,
    operation: str,
    element: bytes | None,
    data: dict[str, str],
    before: tuple[Any, ...],
    meanwhile: tuple[Any, ...],
) -> None:
    server.send(*before)
    seen = dora.seen(operation, b"k", element)
    server.send(*meanwhile)
    theirs = server.client.dump("k")
    response = dora.does(operation, b"k", element, seen=seen, **data)
    text = response.content.decode()
    assert response.status_code == 422
    assert "Was changed meanwhile" in text
    assert "theirs" in text or ">2<" in text
    assert not data or next(iter(data.values())) in text
    assert server.client.dump("k") == theirs
    assert events() == []


def test_person_who_saw_both_may_overwrite(server: RealServer, dora: Visitor) -> None:
    server.client.set("k", "old")
    first = dora.does("set", b"k", value="mine", seen="of something else")
    assert first.status_code == 422
    dora.does("set", b"k", value="mine")
    assert server.client.get("k") == b"mine"


def test_value_above_the_bound_is_not_edited_in_a_page(server: RealServer, dora: Visitor) -> None:
    server.client.set("k", b"x" * 600_000)
    server.client.hset("h", "f", b"x" * 600_000)
    for where in ("set/?key=aw", "set-field/?key=aA&element=Zg"):
        response = dora.client.get(f"{DATA}do/{where}", headers=HTMX)
        assert response.status_code == 409
        assert "512 KB" in response.headers["HX-Trigger"]


def test_edit_of_another_type_says_so(server: RealServer, dora: Visitor) -> None:
    server.client.rpush("k", "v")
    response = dora.does("add-member", b"k", member="m")
    assert b"another type by now" in response.content
    assert events() == []


def test_full_instance_says_what_helps_and_no_value(server: RealServer, dora: Visitor) -> None:
    server.client.set("k", "old")
    server.client.config_set("maxmemory", "1")
    try:
        response = dora.does("set", b"k", value="a secret value", seen=dora.seen("set", b"k"))
    finally:
        server.client.config_set("maxmemory", "512mb")
    assert b"The instance is full" in response.content
    assert b"of pipeline" not in response.content
    assert server.client.get("k") == b"old"
    assert events() == []


def test_value_that_is_not_what_it_is_written_as_is_refused(
    server: RealServer, dora: Visitor
) -> None:
    response = dora.does("new", name="k", kind="string", value="{", value_as="json")
    assert response.status_code == 422
    assert b"This is not JSON" in response.content


def test_without_script_the_form_is_a_page_and_leads_back(
    server: RealServer, dora: Visitor
) -> None:
    server.client.set("k", "old")
    page = dora.client.get(f"{DATA}do/set/?key=aw").content.decode()
    assert "<html" in page
    seen = dora.seen("set", b"k")
    response = dora.client.post(f"{DATA}do/set/?key=aw", {"value": "new", "seen": seen})
    assert response.status_code == 302
    assert response.headers["Location"].endswith("?key=aw")
    refused = dora.client.post(f"{DATA}do/set/?key=aw", {"value": "x", "seen": seen})
    assert refused.status_code == 409
    assert server.client.get("k") == b"new"


def test_item_that_no_list_has_is_refused(dora: Visitor) -> None:
    for element in (b"first", b"9" * 5000):
        assert dora.does("set-item", b"l", element, value="v", seen="").status_code == 422


def test_operation_that_never_was_is_not_found(dora: Visitor) -> None:
    assert dora.client.get(f"{DATA}do/explode/?key=aw").status_code == 404
    assert dora.client.get(f"{DATA}do/set/").status_code == 404
