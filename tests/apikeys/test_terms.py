import re
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from apikeys import terms
from apikeys.terms import BrokenTerms
from instances.acl import Scope

GOOD: dict[str, Any] = {
    "name": "Web shop",
    "scopes": ["read"],
    "instances": None,
    "key_patterns": (),
    "expires_at": None,
    "rate_limit": 100,
    "networks": [],
}


def test_good_wish_is_put_in_order() -> None:
    found = terms.check(
        **{**GOOD, "name": "  Web shop ", "scopes": ["write", "read"], "key_patterns": ["a", "a"]}
    )
    assert found.name == "Web shop"
    assert found.scopes == (Scope.READ, Scope.WRITE)
    assert found.key_patterns == ("a",)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "   ", "Give the key a name"),
        ("name", "\u200b", "Give the key a name"),
        ("name", "x" * 81, "80 characters"),
        ("name", "a\nb", "line breaks"),
        ("scopes", [], "at least one scope"),
        ("scopes", ["read", "root"], "“root” is not a scope"),
        ("instances", [], "at least one instance"),
        ("key_patterns", ["cache:* other"], "“cache:* other” can't be used"),
        ("key_patterns", [""], "can't be used"),
        ("key_patterns", ["a\n+@all"], "can't be used"),
        ("key_patterns", [f"p{number}" for number in range(21)], "20 key patterns"),
        ("expires_at", timezone.now() - timedelta(seconds=1), "has passed"),
        ("expires_at", datetime(2999, 1, 1), "time zone"),  # noqa: DTZ001
        ("rate_limit", 0, "between 1 and 100,000"),
        ("rate_limit", 100_001, "between 1 and 100,000"),
        ("networks", ["203.0.113.9/24"], "Did you mean 203.0.113.0/24?"),
        ("networks", ["everywhere"], "“everywhere” is not a network"),
        ("networks", ["fe80::1%eth0"], "is not a network"),
        ("networks", [f"10.0.0.{number}" for number in range(51)], "50 networks"),
    ],
)
def test_broken_rule_is_said_in_words(field: str, value: object, words: str) -> None:
    with pytest.raises(BrokenTerms, match=re.escape(words)) as refused:
        terms.check(**{**GOOD, field: value})
    assert list(refused.value.problems) == [field]


def test_every_broken_rule_is_named_at_once() -> None:
    with pytest.raises(BrokenTerms) as refused:
        terms.check(**{**GOOD, "name": "", "scopes": [], "rate_limit": 0})
    assert set(refused.value.problems) == {"name", "scopes", "rate_limit"}


def test_chosen_instances_are_kept_once() -> None:
    one = uuid4()
    assert terms.check(**{**GOOD, "instances": [one, one]}).instances == frozenset({one})
