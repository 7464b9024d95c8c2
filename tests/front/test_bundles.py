"""Scripts and style sheets that travel together are whole, and nothing is loaded twice."""

import re
from collections import Counter
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from pytest_django import Settings

from redisgate.bundles import BUNDLES, BundleFinder
from tests.platform import ROOT

STATIC = ROOT / "static"
FONT = re.compile(r"url\(\"?\.\./vendor/inter/inter-latin-wght-normal\.[0-9a-f]{12}\.woff2")


@pytest.mark.parametrize("name", BUNDLES)
def test_bundle_has_its_parts_whole_and_in_their_order(name: str) -> None:
    found = finders.find(name)
    assert found is not None
    content, after = Path(found).read_text(), 0
    for part in BUNDLES[name]:
        text = (STATIC / part).read_text()
        at = content.find(text, after)
        assert at >= after, part
        after = at + len(text)


def test_part_travels_in_one_bundle() -> None:
    parts = Counter(part for parts in BUNDLES.values() for part in parts)
    assert [part for part, times in parts.items() if times > 1] == []


def test_changed_part_is_joined_anew_and_an_unchanged_one_keeps_its_time(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DATA_DIR = settings.BASE_DIR = tmp_path
    monkeypatch.setattr("redisgate.bundles.BUNDLES", {"bundles/both.js": ("js/a.js", "js/b.js")})
    (tmp_path / "static" / "js").mkdir(parents=True)
    first, second = tmp_path / "static" / "js" / "a.js", tmp_path / "static" / "js" / "b.js"
    first.write_text("a()")
    second.write_text("(b)()")
    bundle = tmp_path / "bundles" / "both.js"
    finder = BundleFinder()
    assert [name for name, _ in finder.list(None)] == ["bundles/both.js"]
    first_of_both = bundle.read_text()
    assert "a()" in first_of_both
    assert "(b)()" in first_of_both
    written = bundle.stat().st_mtime_ns
    list(finder.list(None))
    assert bundle.stat().st_mtime_ns == written
    second.write_text("(c)()")
    list(finder.list(None))
    assert bundle.read_text() == first_of_both.replace("(b)", "(c)")


def test_style_sheet_still_finds_its_fonts(tmp_path: Path) -> None:
    names = ["vendor/inter/inter-latin-wght-normal.woff2", "bundles/base.css"]
    names += ["vendor/jetbrains-mono/jetbrains-mono-latin-wght-normal.woff2"]
    storage = ManifestStaticFilesStorage(location=tmp_path)
    for name in names:
        found = finders.find(name)
        assert found is not None
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(Path(found).read_bytes())
    outcome = {old: new for old, new, _ in storage.post_process({n: (storage, n) for n in names})}
    assert FONT.search((tmp_path / str(outcome["bundles/base.css"])).read_text())
