"""Who may do what: refused by the page, and by the server itself."""

from urllib.parse import urlencode

import pytest

from browser import connection
from browser.operations import OPERATIONS
from browser.quoting import to_ref
from instances.models import Instance
from redisgate.lib.errors import Forbidden
from tests.conftest import Cast
from tests.data_browser.conftest import RealServer
from tests.data_browser.visitor import DATA, Visitor, events

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("operation", sorted(OPERATIONS))
def test_viewer_is_refused_each_operation(
    server: RealServer, cast: Cast, instance: Instance, operation: str
) -> None:
    server.client.set("k", "v")
    where = f"{DATA}do/{operation}/?{urlencode({'key': to_ref(b'k'), 'element': to_ref(b'0')})}"
    client = Visitor(cast.viewer).client
    assert client.get(where).status_code == 403
    assert client.post(where, {"value": "x", "name": "n", "kind": "string"}).status_code == 403
    assert server.client.get("k") == b"v"
    assert events() == []


def test_viewer_sees_no_button_that_changes_something(
    server: RealServer, cast: Cast, instance: Instance
) -> None:
    server.client.hset("h", "f", "v")
    text = Visitor(cast.viewer).page(key=to_ref(b"h"), q="h")
    assert "/do/" not in text
    assert "delete-many" not in text
    assert "Copy as command" in text


@pytest.mark.parametrize(
    "words", [("SET", b"a", b"b"), ("UNLINK", b"a"), ("FLUSHALL",), ("EVAL", "return 1", 0)]
)
def test_server_itself_lets_a_reader_change_nothing(
    instance: Instance, words: tuple[bytes | str | int, ...]
) -> None:
    with pytest.raises(Forbidden), connection.reading(instance) as server:
        server.send(*words)


@pytest.mark.parametrize("words", [("CONFIG", "GET", "*"), ("ACL", "LIST"), ("SHUTDOWN",)])
def test_server_itself_keeps_an_editor_from_what_is_the_platforms(
    instance: Instance, words: tuple[str, ...]
) -> None:
    with pytest.raises(Forbidden), connection.writing(instance) as server:
        server.send(*words)
