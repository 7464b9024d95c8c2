"""`.env.example`, the reference page and the settings themselves name the same settings."""

import ast

from redisgate.settings_reference import parse, render
from tests.platform import ROOT


def read_by_settings() -> set[str]:
    """Collect the first argument of every `env.…("NAME", …)`."""
    source = (ROOT / "redisgate" / "settings.py").read_text()
    return {
        call.args[0].value
        for call in ast.walk(ast.parse(source))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id == "env"
        and isinstance(call.args[0], ast.Constant)
        and isinstance(call.args[0].value, str)
    }


def test_every_setting_is_explained() -> None:
    explained = parse((ROOT / ".env.example").read_text())
    assert {setting.name for setting in explained} == read_by_settings()
    assert all(setting.explanation and setting.section for setting in explained)


def test_reference_page_is_up_to_date() -> None:
    example = (ROOT / ".env.example").read_text()
    page = (ROOT / "docs" / "reference" / "settings.md").read_text()
    assert page == render(parse(example))
