"""Who may do what in a console. The server itself enforces it; this says it beforehand."""

from collections.abc import Collection, Sequence

from instances import acl
from instances.acl import Scope
from orgs.roles import Role

_SCOPES = {
    Role.VIEWER: Scope.READ,
    Role.DEVELOPER: Scope.WRITE,
    Role.ADMIN: Scope.ADMIN,
    Role.OWNER: Scope.ADMIN,
}
# No rule can take these away.
_FOR_EVERYBODY = frozenset({"auth", "hello", "quit", "reset"})


def scopes_of(role: Role) -> list[Scope]:
    """Give the scopes that a person may choose from, the widest first."""
    everything = list(Scope)
    return everything[everything.index(_SCOPES[role]) :: -1]


def chosen(role: Role, wish: str) -> Scope:
    """Give the scope that was asked for, or the role's own where that is none or too wide."""
    return next((scope for scope in scopes_of(role) if scope == wish), _SCOPES[role])


def may_run(scope: Scope, name: str, categories: Collection[str]) -> bool:
    """Tell whether a scope's rules allow a command (``get``) or subcommand (``client|kill``)."""
    return name in _FOR_EVERYBODY or _allows(acl.rules_for({scope}, ()), name, categories)


def _allows(rules: Sequence[str], name: str, categories: Collection[str]) -> bool:
    # As the server reads them: from left to right, and the last one that speaks of it counts.
    reach = {"@all", *categories, name, name.partition("|")[0]}
    verdicts = [rule[0] == "+" for rule in rules if rule[0] in "+-" and rule[1:] in reach]
    return bool(verdicts) and verdicts[-1]
