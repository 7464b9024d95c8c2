"""A server's refusal of a command in the words of people, without the name of our user."""

import re
from dataclasses import dataclass

from console import rights
from console.manual import Manual
from instances.acl import Scope
from orgs.roles import Role

_REFUSED = re.compile(
    r"User rg-scope-\w+ has no permissions to run (?:the )?'(?P<name>[^']*)'(?: command)?"
)
_INSTEAD = {
    "CONFIG": "It can't be changed here. Use the Settings tab.",
    "SHUTDOWN": "Nobody may run SHUTDOWN here: use Stop.",
    "ACL": "Users can't be changed here. Make an API key.",
}


@dataclass(frozen=True, slots=True)
class Rights:
    """What a person chose among the rights of their role."""

    role: Role
    scope: Scope

    @property
    def holder(self) -> str:
        is_narrowed = self.scope != rights.scopes_of(self.role)[0]
        return "The rights that you chose" if is_narrowed else f"Your role ({self.role.value})"


def told(text: str, held: Rights, manual: Manual | None) -> str:
    """Put a refusal of the ACL into words; any other text stays as it is."""
    return _REFUSED.sub(lambda found: _words(found["name"], held, manual), text)


def _words(name: str, held: Rights, manual: Manual | None) -> str:
    words = name.upper().encode().split(b"|")
    shown = " ".join(name.upper().split("|"))
    entry = manual.find(words) if manual else None
    if held.scope is Scope.ADMIN or (entry and manual and not manual.may_run(Scope.ADMIN, words)):
        return _INSTEAD.get(shown.split(" ")[0], f"Nobody may run {shown} here.")
    if held.scope is Scope.WRITE:
        return f"{held.holder} may read and write; {shown} is for admins."
    writes = "writes" if entry and "@write" in entry.categories else "does more"
    return f"{held.holder} may only read; {shown} {writes}."
