"""What the files of a deployment may name: settings, commands, files."""

import re
from functools import cache
from typing import Any

import yaml
from django.core.management import get_commands

from redisgate.settings_reference import parse
from tests.platform import ROOT

INTERPOLATED = re.compile(r"\$\{\w+:-([^}]*)\}")
FOREIGN = ("POSTGRES_", "GF_")
"""Settings of other programs."""


@cache
def settings() -> frozenset[str]:
    """Give every setting that .env.example explains."""
    return frozenset(each.name for each in parse((ROOT / ".env.example").read_text()))


def is_setting(name: str) -> bool:
    """Tell whether a variable is a setting, or names the file that holds one."""
    return name in settings() or name.removesuffix("_FILE") in settings()


def unknown(names: set[str]) -> set[str]:
    """Give the names that nobody reads."""
    return {name for name in names if not is_setting(name) and not name.startswith(FOREIGN)}


def is_command(words: list[str]) -> bool:
    """Tell whether `manage.py` knows the command."""
    return words[0] in get_commands()


def documents(path: str) -> list[dict[str, Any]]:
    """Read a YAML file below the project's root."""
    return [each for each in yaml.safe_load_all((ROOT / path).read_text()) if each]


def with_defaults(text: str) -> str:
    """Fill in what compose takes where the environment says nothing."""
    return INTERPOLATED.sub(r"\1", text)
