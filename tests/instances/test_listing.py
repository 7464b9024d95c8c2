"""The list page by page, and what it can be narrowed to."""

import re
from typing import Any

import pytest
from django.http import QueryDict

from instances.listing import Asked, State, state_of
from instances.models import Instance
from instances.presentation import badge
from instances.states import Health, Status, Wish
from tests.clients import browser
from tests.conftest import Cast
from tests.instances.rows import make_instance
from tests.instances.test_pages import HTMX, LIST, NEW, page

RUNNING = {"wish": Wish.RUNNING, "status": Status.RUNNING, "health": Health.HEALTHY}


def instance(**facts: Any) -> Instance:
    return Instance(**{"name": "Sessions", "slug": "cache-1", **RUNNING, **facts})


def names_in(text: str) -> list[str]:
    return re.findall(r'aria-label="Choose ([^"]*)"\s*>\s*</td>', text)


@pytest.mark.parametrize(
    ("words", "fits"),
    [
        ("", True),
        ("SESS", True),
        ("ions cache", True),
        ("sessions other", False),
        ("Straße", False),
    ],
)
def test_each_word_is_looked_for_in_name_and_slug(words: str, fits: bool) -> None:
    assert Asked(words).fits(instance()) is fits


@pytest.mark.parametrize("words", ["müller", "MÜLLER", "STRASSE"])
def test_case_of_any_alphabet_is_of_no_matter(words: str) -> None:
    assert Asked(words).fits(instance(name="Müllerstraße"))


def test_whole_id_is_found_and_a_piece_of_it_is_not() -> None:
    one = instance()
    assert Asked(str(one.id).upper()).fits(one)
    assert not Asked(str(one.id)[:12]).fits(one)


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ({}, State.RUNNING),
        ({"health": Health.UNHEALTHY}, State.TROUBLE),
        ({"status": Status.ERROR}, State.TROUBLE),
        ({"wish": Wish.STOPPED}, State.CHANGING),
        ({"wish": Wish.DELETED}, State.CHANGING),
        ({"restart_wish": 1}, State.CHANGING),
        ({"status": Status.PENDING}, State.CHANGING),
        ({"wish": Wish.STOPPED, "status": Status.STOPPED}, State.STOPPED),
    ],
)
def test_state_is_the_one_that_people_see(facts: dict[str, Any], state: State) -> None:
    assert state_of(instance(**facts)) is state, badge(instance(**facts))


@pytest.mark.parametrize("address", ["", "state=&q=", "state=nonsense", "page=x", "q=%00"])
def test_odd_address_narrows_nothing(address: str) -> None:
    assert not Asked.of(QueryDict(address)).is_narrow


def test_pages_show_each_instance_once_and_a_page_too_many_is_the_last(
    cast: Cast, short_pages: None
) -> None:
    for name in "abcde":
        make_instance(cast.acme, name)
    client = browser(cast.owner)
    pages = [client.get(f"{LIST}?page={number}").text for number in (1, 2, 3)]
    assert [names_in(each) for each in pages] == [["a", "b"], ["c", "d"], ["e"]]
    assert "3 to 4 of 5" in pages[1]
    assert f'hx-get="{LIST}?page=2"' in pages[1]
    assert f'hx-get="{LIST}"' in pages[0]
    assert re.search(r'ws-connect="[^"]*&amp;page=2"', pages[1])
    assert names_in(client.get(f"{LIST}?page=99").text) == ["e"]


def test_filters_stay_while_leafing_and_are_in_the_sockets_address(
    cast: Cast, short_pages: None
) -> None:
    for name in ("cache 1", "cache 2", "cache 3", "other"):
        make_instance(cast.acme, name)
    make_instance(cast.acme, "cache 4", status=Status.STOPPED, wish=Wish.STOPPED)
    text = page(cast.owner, f"{LIST}?q=cache&state=running")
    assert names_in(text) == ["cache 1", "cache 2"]
    assert "3 of 5 instances" in " ".join(text.split())
    assert f"{LIST}?page=2&amp;q=cache&amp;state=running" in text
    assert re.search(r'ws-connect="[^"]*&amp;q=cache&amp;state=running"', text)
    assert '<option value="running"\n              selected' in text


def test_search_without_result_says_so_and_leads_back(cast: Cast) -> None:
    make_instance(cast.acme)
    part = {"HX-Request": "true", "HX-Target": "instance-list"}
    text = page(cast.viewer, f"{LIST}?q=zzz", **part)
    assert "No instance fits" in text
    assert "No instances yet" not in text
    assert f'href="{LIST}"' in text
    assert "ws-connect" in text
    assert "<html" not in text


@pytest.mark.parametrize(
    ("address", "words"),
    [("", ""), ("?page=2", "It is on page 1 of the list."), ("?q=other", "Your filters leave it")],
)
def test_new_instance_says_where_it_is_unless_it_is_on_this_page(
    cast: Cast, short_pages: None, address: str, words: str
) -> None:
    for name in ("other 1", "other 2"):
        make_instance(cast.acme, name)
    data = {"name": "a", "memory_mb": "64", "purpose": "cache", "place": "list"}
    headers = {**HTMX, "HX-Current-URL": f"http://testserver{LIST}{address}"}
    answer = browser(cast.developer).post(NEW, data, headers=headers)
    said = answer["HX-Trigger"]
    assert "a is being created" in said
    assert words in said
    assert ("list" in said) is bool(words)


@pytest.mark.parametrize(
    ("word", "names"),
    [
        ("name", ["alpha", "beta", "gamma"]),
        ("-name", ["gamma", "beta", "alpha"]),
        ("-memory", ["beta", "gamma", "alpha"]),
        ("status", ["alpha", "beta", "gamma"]),
        ("-created", ["gamma", "beta", "alpha"]),
    ],
)
def test_list_is_sorted_by_its_heads(cast: Cast, word: str, names: list[str]) -> None:
    for name, memory_mb in (("alpha", 64), ("beta", 512), ("gamma", 128)):
        make_instance(cast.acme, name, memory_mb=memory_mb)
    text = page(cast.viewer, f"{LIST}?sort={word}")
    found = re.findall(r"<bdi>([^<]*)</bdi></span>\s*</a>", text)
    assert found == names
    assert ('aria-sort="descending"' in text) is word.startswith("-")


def test_order_stays_while_searching_and_leafing_and_is_in_the_sockets_address(
    cast: Cast, short_pages: None
) -> None:
    for name in "abcd":
        make_instance(cast.acme, name)
    text = page(cast.owner, f"{LIST}?sort=-name&page=2")
    assert names_in(text) == ["b", "a"]
    assert f"{LIST}?page=1&amp;sort=-name" in text
    assert re.search(r'ws-connect="[^"]*&amp;page=2&amp;sort=-name"', text)
    assert re.search(r'name="sort"\s+value="-name"\s+form="instance-filters"', text)


def test_searched_page_has_an_address_that_says_only_what_narrows_it(cast: Cast) -> None:
    make_instance(cast.acme)
    part = {"HX-Request": "true", "HX-Target": "instance-list"}
    asked = browser(cast.viewer).get(f"{LIST}?q=sess&state=&sort=-name", headers=part)
    assert asked["HX-Replace-Url"] == f"{LIST}?q=sess&sort=-name"
