"""docs/reference/manage-py.md, made from the help of each management command of ours."""

from argparse import Action
from collections.abc import Iterator

from django.core.management import get_commands, load_command_class
from django.core.management.base import BaseCommand

from handbook.contents import ROOT

TITLE = """# manage.py

What RedisGate adds to Django's own commands: `.venv/bin/python manage.py NAME`, and `--help` behind it
says the same. `make` alone lists what else there is to run. This page is made from the commands:
`make references`.

Exit codes: 0 a good end, 1 refused for a reason that one sentence says, a setting that can't work among them.
Of Django's own you need `migrate` (the database's tables) and `collectstatic --noinput` (scripts, styles
and pictures for browsers) for each version, and `check --deploy` before you go public; `up` does the first
two itself. `dbshell` opens the client of the database, with the address and password of the settings.
"""
QUICKSTART = """
## What quickstart prints

`quickstart --json` prints one object, all values strings:

| field | is |
|---|---|
| `email`, `password` | the account, to sign in to the dashboard or at `/auth/login` |
| `organization_id`, `instance_id` | for paths of the management API |
| `url` | base URL of the command API, without a slash at the end |
| `token` | the API key, with the scopes read and write on this instance |
| `redis_url` | for native clients: the key's user, the key as password, host and port |
"""


def render() -> str:
    """Write the page; commands that print references are named in one line."""
    lines, printers = [TITLE, "| command | does |\n|---|---|"], []
    for name, command in _ours():
        if name.endswith("_reference"):
            printers.append(f"`{name}`")
            continue
        lines.append(
            f"| `{name}` | {' '.join(str(command.help).split())}{_options(command, name)} |"
        )
    lines.append(f"| {', '.join(printers)} | Print a page of this reference. |")
    return "\n".join(lines) + "\n" + QUICKSTART


def _ours() -> Iterator[tuple[str, BaseCommand]]:
    for name, app in sorted(get_commands().items()):
        if isinstance(app, str) and (ROOT / app.replace(".", "/")).is_dir():
            yield name, load_command_class(app, name)


def _options(command: BaseCommand, name: str) -> str:
    """List what the command itself takes, and not what all of Django's do."""
    base = type(command).__mro__[1]
    plain = base().create_parser("manage.py", name)
    known = {action.dest for action in plain._actions}
    own = [
        each for each in command.create_parser("manage.py", name)._actions if each.dest not in known
    ]
    return "".join(f"<br>`{_spelled(each)}` {each.help or ''}".rstrip() for each in own)


def _spelled(action: Action) -> str:
    option = action.option_strings[0] if action.option_strings else str(action.dest)
    if not action.option_strings or action.nargs == 0:
        return option
    return f"{option} {action.metavar or str(action.dest).upper()}"
