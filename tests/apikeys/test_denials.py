"""Why a key is denied a command, and what to change."""

import pytest

from apikeys import denials
from instances.acl import Scope

RUN = "User rg_1 has no permissions to run the 'x' command"
KEY = "User rg_1 has no permissions to access the 'carts:7' key"


@pytest.mark.parametrize(
    ("scopes", "patterns", "allowing", "said", "words"),
    [
        (["read"], [], [Scope.WRITE, Scope.ADMIN], RUN, "Give it the scope write"),
        (["admin"], ["a:*"], [], RUN, "No scope includes SET"),
        (["write"], ["a:*"], [Scope.WRITE], KEY, "a:*, don't let SET at the key carts:7."),
        (["write"], ["a:*"], [Scope.WRITE], RUN, "Use a key without patterns."),
        (["write"], [], [Scope.WRITE], RUN, "The server's ACL says: User rg_1"),
        (["write"], [], None, RUN, "The server's ACL says: User rg_1"),
    ],
)
def test_denial_names_its_rule_and_the_way_out(
    scopes: list[str], patterns: list[str], allowing: list[Scope] | None, said: str, words: str
) -> None:
    told = denials.in_words("SET", scopes=scopes, patterns=patterns, allowing=allowing, said=said)
    assert words in told
