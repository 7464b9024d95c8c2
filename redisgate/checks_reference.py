"""The reference page of system checks, made from the rules themselves."""

from redisgate.check_rules import RULES, Rule
from redisgate.checks import UNSEEN_DATABASE, WRONG_KEYS

TITLE = """# Checks

`manage.py check` says what works and should not be, and so do `up`, `web`, `controller` and
`worker` when they start: an error ends the start with one line, a warning is printed once. What
can't work at all never gets that far: [a setting](settings.md) is refused with one sentence that
names it. What needs a look at the database is checked by the starts, by `migrate` and by
`check --database default`; the last two warn where the database can't be asked, and a start says
that it is away.

This page is made from the checks: `manage.py checks_reference > docs/reference/checks.md`.
"""

SILENCED = """
## Silenced

`SILENCED_CHECKS=redisgate.W001,redisgate.W004` silences warnings that you know and accept,
Django's own (`security.W004`) included. Errors can't be silenced.

`manage.py check --deploy` adds what Django knows. Three of its warnings are silenced, because they
aren't the platform's to decide:

| id | what it asks for | why it isn't done here |
|---|---|---|
| `security.W005` | HSTS for all subdomains | other sites may live below the same name |
| `security.W008` | redirect from http to https | the proxy with TLS does it; probes come without |
| `security.W021` | HSTS preloading | browsers would keep to it for years, for the whole domain |

The number of silenced issues that the command prints is larger: for each address of the API Django
remarks (`urls.W002`) that it has no slash at its end, which is meant.
"""


def render() -> str:
    errors = [rule for rule in RULES if ".E" in rule.id]
    warnings = [rule for rule in RULES if ".W" in rule.id]
    return "\n".join(
        (
            TITLE,
            *_table("Errors", [*errors, WRONG_KEYS]),
            "",
            *_table("Warnings", [*warnings, UNSEEN_DATABASE]),
            SILENCED,
        )
    )


def _table(title: str, rules: list[Rule]) -> list[str]:
    rows = [f"| `{rule.id}` | {rule.message} | {rule.hint} |" for rule in rules]
    return [f"## {title}", "", "| id | what | way out |", "|---|---|---|", *rows]
