"""The reference page of settings, made from ``.env.example`` so that both say the same."""

from dataclasses import dataclass

TITLE = """# Settings

Read from the environment, or from a file `.env` beside `manage.py`; the environment wins, and an
empty value counts as not set. A value that can't work ends the start with one sentence.
This page is made from `.env.example`: `manage.py settings_reference > docs/reference/settings.md`.
"""


@dataclass(frozen=True, slots=True)
class Setting:
    section: str
    name: str
    default: str
    explanation: str


def parse(example: str) -> list[Setting]:
    """Read ``## section``, comment lines, then ``#NAME=default``."""
    settings, section, words = [], "", list[str]()
    for line in example.splitlines():
        if line.startswith("## "):
            section = line[3:]
        elif line.startswith("# "):
            words.append(line[2:])
        elif line.startswith("#"):
            name, _, default = line[1:].partition("=")
            settings.append(Setting(section, name, default, " ".join(words)))
        if not line.startswith("# "):
            words = []
    return settings


def render(settings: list[Setting]) -> str:
    lines, section = [TITLE.rstrip()], ""
    for setting in settings:
        if setting.section != section:
            section = setting.section
            lines += ["", f"## {section}", "", "| setting | default | meaning |", "|---|---|---|"]
        default = f"`{setting.default}`" if setting.default else "empty"
        lines.append(f"| `{setting.name}` | {default} | {setting.explanation} |")
    return "\n".join(lines) + "\n"
