"""What the docs tell people to type: blocks that parse, and names that exist."""

import ast
import json
import re
import subprocess
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from uuid import uuid4

import yaml
from django.core.management import get_commands
from django.urls import Resolver404, resolve

from handbook.contents import DOCS, ROOT
from redisgate.settings_reference import parse

BLOCK = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.M | re.S)
MANAGE = re.compile(r"manage\.py ([a-z_]+)")
MAKE = re.compile(r"(?:`|^|\$ )make ([a-z][a-z-]*)", re.M)
SETTING = re.compile(r"`([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)(?:=[^`]*)?`")
ADDRESS = re.compile(
    r"`(?:GET|POST|PUT|PATCH|DELETE)?(?:, ?`[A-Z]+`)* ?(/(?:api|auth|health|metrics|version|operators)(?=[/`?{\[])[^`?\s]*)`"
)
ASKED = re.compile(r"\$\{([A-Z_]+)")
TARGET = re.compile(r"^([a-z][a-z-]*):", re.M)
NOT_OURS = re.compile(
    r"^(UPSTASH|KV|OTEL|SSO_(OIDC|SAML)|PROMETHEUS|VALKEY|NO)_|_$|_RO$|^(HTTPS_PROXY|INSTANCE_ID|KEY_USER|NAME_FILE)$"
)
"""Other programs' variables, placeholders, and beginnings of names."""


def _shell(text: str) -> None:
    done = subprocess.run(["bash", "-n"], input=text, capture_output=True, text=True, check=False)  # noqa: S607  nothing is run
    if done.returncode:
        raise ValueError(done.stderr.strip())


def _json(text: str) -> None:
    """Read one value, or one on each line, as several answers are."""
    try:
        json.loads(text)
    except ValueError:
        list(map(json.loads, text.splitlines()))


READERS: Mapping[str, Callable[[str], object]] = {
    "json": _json,
    "python": ast.parse,
    "toml": tomllib.loads,
    "yaml": lambda text: list(yaml.safe_load_all(text)),
    "bash": _shell,
    "sh": _shell,
}


def pages() -> list[Path]:
    """Give every page on which somebody may find something to type; records tell of the past."""
    return [
        ROOT / "README.md",
        *(path for path in sorted(DOCS.rglob("*.md")) if path.parent.name != "adr"),
    ]


def unreadable() -> list[str]:
    """Name each block that its own language doesn't accept. One with `…` is only a part."""
    return [
        f"{path.relative_to(ROOT)}: {language}: {why}"
        for path in pages()
        for _, language, text in BLOCK.findall(path.read_text())
        if language in READERS and (why := _why_not(READERS[language], text))
    ]


def unknown() -> list[str]:
    """Name each command, target, setting and address that isn't there."""
    return sorted(
        {f"{path.relative_to(ROOT)}: {name}" for path in pages() for name in _unknown(path)}
    )


def _unknown(path: Path) -> Iterator[str]:
    text = path.read_text()
    targets = set(TARGET.findall((ROOT / "Makefile").read_text()))
    settings = {each.name for each in parse((ROOT / ".env.example").read_text())}
    settings |= {
        name
        for each in ROOT.glob("docker-compose*.yml")
        for name in ASKED.findall(each.read_text())
    }
    yield from (f"manage.py {name}" for name in MANAGE.findall(text) if name not in get_commands())
    yield from (f"make {name}" for name in MAKE.findall(text) if name not in targets)
    for name in SETTING.findall(text):
        known = {name, name.removesuffix("_FILE")} & settings
        if not known and not NOT_OURS.search(name):
            yield name
    yield from (each for each in ADDRESS.findall(text) if not _is_served(each))


def _is_served(address: str) -> bool:
    for value in (str(uuid4()), "1"):
        path = re.sub(r"\{\w+\}$|…$", value, address)
        path = re.sub(r"\{\w+\}|…", str(uuid4()), path).split("[")[0]
        if any(map(_resolves, (path, path + "/"))):
            return True
    return False


def _resolves(path: str) -> bool:
    try:
        resolve(path)
    except Resolver404:
        return False
    return True


def _why_not(read: Callable[[str], object], text: str) -> str:
    try:
        read(text)
    except (ValueError, SyntaxError, yaml.YAMLError) as error:
        return "" if "…" in text else f"{error} in {text[:60]!r}"
    return ""
