"""What organizations may be called, and the words for what they may not."""

from redisgate.lib.errors import InvalidInput
from redisgate.lib.one_line import one_line

LONGEST_NAME = 80
LONGEST_DESCRIPTION = 300
RESERVED_SLUGS = frozenset({"new"})
"""Words that stand where an organization's slug would, in orgs/urls.py."""

NAMELESS = "Give the organization a name."


def check(name: str, description: str) -> tuple[str, str]:
    """Return both tidied, or raise InvalidInput that names every field in need of change."""
    problems: dict[str, list[str]] = {}
    tidied: list[str] = []
    for field, rule, text in (("name", _name, name), ("description", _description, description)):
        try:
            tidied.append(rule(text))
        except ValueError as error:
            problems[field] = [str(error)]
    if problems:
        words = next(iter(problems.values()))[0]
        raise InvalidInput(words, details={"errors": problems})
    return tidied[0], tidied[1]


def _name(text: str) -> str:
    name = one_line(text)
    if not name:
        raise ValueError(NAMELESS)
    if len(name) > LONGEST_NAME:
        raise ValueError(f"Choose a name of at most {LONGEST_NAME} characters.")
    return name


def _description(text: str) -> str:
    description = one_line(text)
    if len(description) > LONGEST_DESCRIPTION:
        raise ValueError(f"Say it in at most {LONGEST_DESCRIPTION} characters.")
    return description
