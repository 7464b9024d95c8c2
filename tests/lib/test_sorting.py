"""The order of lists, as addresses ask for it."""

import pytest
from django.http import QueryDict

from redisgate.lib.sorting import Column, Order, written

COLUMNS = (Column("Name", "name"), Column("Link"), Column("Made", "made", begins_high=True))


def order(address: str) -> Order:
    return Order.of(QueryDict(address), COLUMNS)


@pytest.mark.parametrize("address", ["", "sort=", "sort=-", "sort=Link", "sort=id", "sort=--name"])
def test_order_that_is_none_changes_nothing(address: str) -> None:
    assert order(address) == Order()
    assert order(address).of_lines([2, 1], {"name": lambda each: each}) == [2, 1]


@pytest.mark.parametrize(("word", "lines"), [("name", "aBc"), ("-name", "cBa")])
def test_lines_are_sorted_as_asked(word: str, lines: str) -> None:
    assert order(f"sort={word}").word == word
    found = order(f"sort={word}").of_lines("cBa", {"name": str.casefold})
    assert "".join(found) == lines


def test_equal_lines_keep_their_order() -> None:
    assert order("sort=-name").of_lines(["b1", "a", "b2"], {"name": lambda each: each[0]}) == [
        *("b1", "b2", "a")
    ]


def test_head_says_its_order_and_leads_to_the_other_one() -> None:
    name, link, made = order("sort=name").heads(COLUMNS, q="a b", state="")
    assert (name.direction, name.query) == ("ascending", "q=a+b&sort=-name")
    assert (link.name, link.direction) == ("", "")
    assert (made.direction, made.query) == ("", "q=a+b&sort=-made")
    assert order("sort=-name").heads(COLUMNS)[0].query == "sort=name"


def test_address_holds_only_what_says_something() -> None:
    assert written(q="", sort="-made", state="running") == "sort=-made&state=running"
