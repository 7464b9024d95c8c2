"""Read settings from the environment, and refuse nonsense with one sentence.

Each setting may also come from a file, the way containers are given their secrets: ``NAME_FILE``
holds the path of a file with the value of ``NAME``.
"""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import environ

from redisgate.lib import redaction

T = TypeVar("T")

DOTENV_LINE = re.compile(r"(?:export )?[A-Za-z_0-9]+=")


class BadSetting(Exception):
    """A setting that can't work. The text names it, shows the way out, and is all one needs."""


class Environment:
    """The process environment, with types and refusals in words. Empty means not set."""

    def text(self, name: str, default: str = "") -> str:
        value = os.environ.get(name, "").strip()
        file = os.environ.get(f"{name}_FILE", "").strip()
        if value and file:
            raise BadSetting(f"{name} and {name}_FILE are both set: take one of them away.")
        return value or (_text_of_file(name, file) if file else default)

    def flag(self, name: str, *, default: bool) -> bool:
        value = self.text(name, "true" if default else "false").lower()
        if value in {"1", "true", "yes", "on"}:
            return True
        if value in {"0", "false", "no", "off"}:
            return False
        raise BadSetting(f"{name} must be true or false{_shown(value)}.")

    def number(self, name: str, default: int, *, least: int, most: int) -> int:
        value = self.text(name, str(default))
        if not value.isascii() or not value.isdigit() or not least <= int(value) <= most:
            raise BadSetting(
                f"{name} must be a whole number from {least} to {most}{_shown(value)}."
            )
        return int(value)

    def words(self, name: str, default: str = "") -> list[str]:
        return [word.strip() for word in self.text(name, default).split(",") if word.strip()]

    def choice(self, name: str, default: str, options: tuple[str, ...]) -> str:
        value = self.text(name, default)
        if value not in options:
            raise BadSetting(f"{name} must be one of {', '.join(options)}{_shown(value)}.")
        return value

    def parsed(
        self,
        name: str,
        default: str,
        parse: Callable[[str], T],
        expected: str,
        *,
        is_secret: bool = False,
    ) -> T:
        """Read a value through ``parse``; a ValueError becomes a sentence with ``expected``."""
        value = self.text(name, default)
        try:
            return parse(value)
        except ValueError:
            shown = "" if is_secret else _shown(value)
            raise BadSetting(f"{name} must be {expected}{shown}.") from None

    def required(self, name: str, why: str) -> str:
        """Read a value that nobody can guess; ``why`` says what it is for, and how to get one."""
        if value := self.text(name):
            return value
        raise BadSetting(f"{name} is missing: {why}")


def _shown(value: str) -> str:
    """Repeat a value that is refused, unless it is an address in which a user or a password is."""
    before, at, _ = value.partition("@")
    return "" if at and ":" in before else f", not {redaction.text(value)!r}"


def _text_of_file(name: str, file: str) -> str:
    """Read the value of ``name`` from its file, without the line end that editors leave."""
    try:
        text = Path(file).read_text().strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it isn't text"
        raise BadSetting(
            f"{name}_FILE: {file} can't be read ({reason}). "
            f"Name a file that this account can read, or set {name} itself."
        ) from None
    if not text:
        raise BadSetting(f"{name}_FILE: {file} is empty. Write the value of {name} into it.")
    return text


def load_dotenv(path: Path) -> None:
    """Add the settings of a ``.env`` file; what the environment holds already wins.

    django-environ skips what it can't read, and prints lines that it can't parse: both are refused
    before, because a platform without half of its settings is another platform.
    """
    if not path.exists():
        return
    try:
        lines = path.read_text().splitlines()
    except (OSError, UnicodeDecodeError):
        raise BadSetting(f"{path} can't be read: let this account read it.") from None
    for number, line in enumerate(lines, start=1):
        if line and not line.startswith("#") and not DOTENV_LINE.match(line):
            raise BadSetting(
                f"{path}, line {number}: write NAME=value, without spaces before and after the =."
            )
    environ.Env.read_env(str(path), overwrite=False)
