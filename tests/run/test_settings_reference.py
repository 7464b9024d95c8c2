"""`.env.example`, the reference page and the settings themselves name the same settings."""

from handbook import setting_values
from redisgate.settings_reference import parse, render
from tests.platform import ROOT


def test_every_setting_is_explained() -> None:
    explained = parse((ROOT / ".env.example").read_text())
    assert {setting.name for setting in explained} == set(setting_values.readers())
    assert all(setting.explanation and setting.section for setting in explained)


def test_reference_page_is_up_to_date() -> None:
    example = (ROOT / ".env.example").read_text()
    page = (ROOT / "docs" / "reference" / "settings.md").read_text()
    assert page == render(parse(example))
