"""Many keys deleted at once: counted, asked, deleted in portions that the page asks for."""

import re
from typing import Any

import pytest
from django.test import Client

from browser import scanning, sweeping
from browser.quoting import to_ref
from browser.scanning import Budget
from instances.models import Instance
from tests.conftest import Cast
from tests.data_browser.conftest import RealServer
from tests.data_browser.visitor import DATA, HTMX, Visitor, events

pytestmark = pytest.mark.django_db
SWEEP = f"{DATA}delete-many/"
TOKEN = re.compile(r'name="token"\s+value="([^"]+)"')


@pytest.fixture
def client(cast: Cast, instance: Instance) -> Client:
    return Visitor(cast.developer).client


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bound portions by steps alone, so that a busy machine cuts them where an idle one does."""
    monkeypatch.setattr(scanning, "STEP_SECONDS", 60)
    budget = Budget(wanted=1_000_000, busy_seconds=60, wall_seconds=60, steps=10)
    for name in ("COUNTING", "DELETING"):
        monkeypatch.setattr(sweeping, name, budget)


@pytest.fixture
def small_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeping, "DELETING", Budget(wanted=1, steps=1))


def asked(client: Client, query: str) -> str:
    response = client.get(f"{SWEEP}?{query}", headers=HTMX)
    assert response.status_code == 200
    return response.content.decode()


def token_in(text: str) -> str:
    found = TOKEN.search(text)
    assert found, text
    return found[1]


def go(client: Client, text: str, confirm: str = "") -> Any:
    data = {"token": token_in(text), "confirm": confirm}
    return client.post(f"{SWEEP}go/", data, headers=HTMX)


def fill(server: RealServer) -> None:
    server.client.mset({f"user:{n}": "x" * 100 for n in range(2000)})
    server.client.mset({f"other:{n}": "x" for n in range(500)})


def test_preview_says_how_many_and_about_how_large(server: RealServer, client: Client) -> None:
    fill(server)
    text = asked(client, "q=user&how=prefix")
    assert "Delete 2,000 keys?" in text
    size = (server.client.memory_usage("user:1") or 0) * 2000 / 1024
    said = re.search(r"about ([\d.]+) KB", text)
    assert said
    assert float(said[1]) == pytest.approx(size, rel=0.1)
    assert "estimated from 20" in text
    assert server.client.dbsize() == 2500


def test_typed_pattern_deletes_what_matches_and_nothing_else(
    server: RealServer, client: Client
) -> None:
    fill(server)
    response = go(client, asked(client, "q=user&how=prefix"), "user*")
    assert b"2,000 keys deleted" in response.content
    assert server.client.dbsize() == 500
    changes = {"key": "user*", "database": 0, "type": "", "keys": 2000}
    assert events() == [("data.delete_many", changes)]


@pytest.mark.parametrize("confirm", ["", "user", "*", "USER*"])
def test_anything_else_typed_deletes_nothing(
    server: RealServer, client: Client, confirm: str
) -> None:
    fill(server)
    response = go(client, asked(client, "q=user&how=prefix"), confirm)
    assert response.status_code == 422
    assert server.client.dbsize() == 2500
    assert events() == []


def test_page_drives_it_and_whoever_stops_asking_ends_it(
    server: RealServer, client: Client, small_portions: None
) -> None:
    fill(server)
    first = go(client, asked(client, "q=user&how=prefix"), "user*").content.decode()
    left = server.client.dbsize()
    assert 500 < left < 2500
    assert f"{2500 - left:,} of about 2,000 keys deleted" in first
    assert "load delay" in first
    second = go(client, first)
    assert server.client.dbsize() < left
    while b"load delay" in second.content:
        second = go(client, second.content.decode())
    assert b"2,000 keys deleted" in second.content
    assert server.client.dbsize() == 500
    assert sum(changes["keys"] for _, changes in events()) == 2000


def test_prefix_of_a_tree_and_a_type_are_kept(server: RealServer, client: Client) -> None:
    server.client.mset({"a*:1": 1, "a*:2": 1, "ab:1": 1})
    server.client.rpush("a*:3", 1)
    text = asked(client, f"below={to_ref(b'a*:')}&type=string")
    assert "Delete 2 keys?" in text
    go(client, text, r"a\*:*")
    assert sorted(server.client.keys()) == [b"a*:3", b"ab:1"]


def test_counting_goes_on_over_requests(million: RealServer, cast: Cast) -> None:
    million.instance(cast.acme)
    client = Visitor(cast.developer).client
    text = asked(client, "q=user:&how=prefix")
    rounds = 0
    while "Counting" in text:
        following = re.search(r'hx-get="([^"]+)"', text)
        assert following
        where = following[1].replace("&amp;", "&")
        text = client.get(where, headers=HTMX).content.decode()
        rounds += 1
    assert "Delete 100,000 keys?" in text
    assert rounds >= 5
    assert million.client.dbsize() == 1_000_001


def test_nothing_to_delete_says_so(client: Client) -> None:
    assert "Nothing to delete" in asked(client, "q=nope")


def test_question_of_another_person_is_not_answered(
    server: RealServer, client: Client, cast: Cast
) -> None:
    fill(server)
    text = asked(client, "q=user&how=prefix")
    response = go(Visitor(cast.admin).client, text, "user*")
    assert response.status_code == 409
    assert go(Visitor(cast.viewer).client, text, "user*").status_code == 403
    forged = {"token": token_in(text)[:-2] + "xx", "confirm": "user*"}
    assert client.post(f"{SWEEP}go/", forged, headers=HTMX).status_code == 409
    assert server.client.dbsize() == 2500


def test_without_script_it_is_a_page(server: RealServer, client: Client) -> None:
    fill(server)
    text = client.get(f"{SWEEP}?q=user&how=prefix").content.decode()
    assert "<html" in text
    response = client.post(f"{SWEEP}go/", {"token": token_in(text), "confirm": "user*"})
    assert "2,000 keys deleted" in response.content.decode()
