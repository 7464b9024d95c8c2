"""Every page that is made from the code, and the one way to make it.

A room that has such a page has a management command `NAME_reference`, which prints it. It goes to
`the file NAME.md of the reference`, unless it says in `page` how the file is called.
"""

from collections.abc import Callable, Mapping
from functools import partial
from io import StringIO
from pathlib import Path

from django.core.management import call_command, get_commands, load_command_class

from handbook import errors, indexes, programs, redis_commands
from handbook.contents import DOCS

ENDING = "_reference"
REFERENCE = DOCS / "reference"
OWN: Mapping[Path, Callable[[], str]] = {
    DOCS / "README.md": indexes.documentation,
    DOCS / "adr" / "README.md": indexes.records,
    REFERENCE / "commands.md": redis_commands.render,
    REFERENCE / "errors.md": errors.render,
    REFERENCE / "manage-py.md": programs.render,
}


def pages() -> dict[Path, Callable[[], str]]:
    """Give each page with what writes it."""
    found = {}
    for name, app in get_commands().items():
        if name.endswith(ENDING):
            command = load_command_class(app, name) if isinstance(app, str) else app
            stem = getattr(command, "page", name.removesuffix(ENDING))
            found[REFERENCE / f"{stem}.md"] = partial(_printed, name)
    return {**OWN, **found}


def write() -> list[Path]:
    """Write what differs, and give its places."""
    changed = []
    for path, made in sorted(pages().items()):
        text = made()
        if not path.exists() or path.read_text() != text:
            path.write_text(text)
            changed.append(path)
    return changed


def _printed(name: str) -> str:
    out = StringIO()
    call_command(name, stdout=out)
    return out.getvalue()
