"""Pages by keyset: nothing twice, nothing missed, and never more looked at than said."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from activity import reading
from activity.reading import Place, page, place
from audit.actions import Action
from audit.actors import Means
from audit.models import AuditEvent
from redisgate.lib.errors import InvalidInput
from tests.activity.conftest import Write
from tests.conftest import Cast


def walked(organization: uuid.UUID, size: int = 3, **wanted: Any) -> list[str]:
    """Read page by page to the end."""
    labels, after, pages = list[str](), None, 0
    while True:
        found = page(organization, wanted, after, size=size)
        labels += [event.object_label for event in found.events]
        pages += 1
        assert len(found.events) <= size
        assert pages < 100
        if found.older is None:
            return labels
        after = found.older


def test_pages_give_each_event_once_newest_first(cast: Cast, write: Write) -> None:
    for number in range(8):
        write(label=str(number))
    assert walked(cast.acme.id) == [*map(str, range(7, -1, -1)), "Acme"]


def test_events_of_one_moment_are_neither_lost_nor_repeated(
    cast: Cast, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = write(label="0").at
    monkeypatch.setattr("audit.services.timezone.now", lambda: moment)
    for number in range(1, 7):
        write(label=str(number))
    assert walked(cast.acme.id, size=2) == [*map(str, range(6, -1, -1)), "Acme"]


def test_place_survives_the_way_through_an_address(cast: Cast) -> None:
    event = AuditEvent.objects.latest("at")
    there = Place(event.at, event.sequence)
    assert place(str(there)) == there


@pytest.mark.parametrize("cursor", ["x", "1", "1.", "1.x", "9" * 40 + ".1", "nan.1", "-" * 9])
def test_strange_cursor_is_refused_in_words(cursor: str) -> None:
    with pytest.raises(InvalidInput, match="Begin again without it"):
        place(cursor)


def test_each_filter_narrows(cast: Cast, write: Write) -> None:
    thing = uuid.uuid4()
    write(label="named")
    write(Action.INSTANCE_STOP, "stopped", means=Means.API)
    old = write(Action.API_KEY_CREATE, "keyed", object_id=thing)
    acme = cast.acme.id
    assert walked(acme, action="instance.stop") == ["stopped"]
    assert walked(acme, object_type="instance") == ["stopped", "named"]
    assert walked(acme, means="dashboard") == ["keyed", "named"]
    assert walked(acme, object=thing) == ["keyed"]
    assert walked(acme, actor=cast.admin.id) == []
    assert walked(acme, actor=cast.owner.id, means="api") == ["stopped", "Acme"]
    assert walked(acme, since=old.at) == ["keyed"]
    assert walked(acme, until=old.at, object_type="instance") == ["stopped", "named"]
    assert walked(acme, until=old.at - timedelta(days=1)) == []
    assert walked(cast.globex.id) == ["Globex"]


@pytest.mark.parametrize("words", ["CACHE", "olivia", "203.0.113", "instance.rename", "cac olivia"])
def test_search_finds_words_anywhere(cast: Cast, write: Write, words: str) -> None:
    write(label="other")
    write(label="my-cache")
    assert "my-cache" in walked(cast.acme.id, search=words)
    assert walked(cast.acme.id, search=f"{words} never-was") == []


def test_search_finds_an_id(cast: Cast, write: Write) -> None:
    event = write(label="wanted")
    write(label="other")
    assert walked(cast.acme.id, search=str(event.object_id)) == ["wanted"]


def test_search_looks_at_a_window_and_says_how_far_it_came(
    cast: Cast, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "WINDOW", 4)
    write(label="needle")
    events = [write(label="hay") for _ in range(6)]
    first = page(cast.acme.id, {"search": "needle"}, None, size=3)
    assert (first.events, first.looked_back_to) == ([], events[2].at)
    assert walked(cast.acme.id, search="needle") == ["needle"]
    assert walked(cast.acme.id, search="hay", size=3) == ["hay"] * 6


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        ({}, "audit_by_organization"),
        ({"actor": uuid.UUID(int=1)}, "audit_by_actor"),
        ({"object": uuid.UUID(int=1)}, "audit_by_object"),
        ({"action": "instance.stop"}, "audit_by_action"),
        ({"object_type": "instance"}, "audit_by_type"),
        ({"means": "command"}, "audit_by_means"),
    ],
)
def test_index_answers_without_sorting(cast: Cast, wanted: dict[str, Any], index: str) -> None:
    after = Place(reading.EPOCH, 1)
    with CaptureQueriesContext(connection) as asked:
        page(cast.acme.id, wanted, after, size=50)
    assert len(asked) == 1
    plan = explained(asked[0]["sql"])
    # Among few rows PostgreSQL has no reason to prefer one of them.
    used = index if connection.vendor == "sqlite" else "Index Scan using audit_by_"
    assert used in plan
    assert "SORT" not in plan.upper().replace("INDEX SORT", "")
    assert "TEMP B-TREE" not in plan


def explained(statement: str) -> str:
    """Ask the database for its plan; PostgreSQL as if the table were too long to be read whole."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_bitmapscan = off")
            # Among few rows it may sort all the same, where it need not.
            cursor.execute("SET LOCAL enable_sort = off")
        word = "EXPLAIN" if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN"
        cursor.execute(f"{word} {statement}")
        return "\n".join(str(row) for row in cursor.fetchall())
