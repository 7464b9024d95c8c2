"""What we ship of other people's work is exactly what we say, and nothing is fetched elsewhere."""

import hashlib
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage

ROOT = Path(settings.BASE_DIR)
STATIC = ROOT / "static"
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
PAGES = [each for each in TEMPLATES if each.parent.name != "email"]
"""Mail programs know no policy, and little else than inline styles."""
ICONS = (STATIC / "img" / "icons.txt").read_text().split()

INLINE = re.compile(r"<style|\sstyle=|\son[a-z]+=|\shx-on|<script(?![^>]*\ssrc=)|javascript:", re.I)
FOREIGN_ASSET = re.compile(r"(?:src|href|srcset|poster)=[\"']?(?:https?:)?//", re.I)
ICON_TAG = re.compile(r"""\{% icon "([^"]+)"|\bicon="([^"]+)\"""")


def shipped() -> list[tuple[str, str]]:
    lines = (STATIC / "vendor" / "VERSIONS").read_text().splitlines()
    rows = [line.split() for line in lines if not line.startswith("#")]
    return [(file, digest) for _name, _version, file, digest in rows]


@pytest.mark.parametrize(("file", "digest"), shipped())
def test_vendored_file_is_the_one_in_versions(file: str, digest: str) -> None:
    assert hashlib.sha256((STATIC / file).read_bytes()).hexdigest() == digest


def test_every_vendored_file_is_in_versions() -> None:
    present = {str(f.relative_to(STATIC)) for f in (STATIC / "vendor").rglob("*") if f.is_file()}
    assert present == {file for file, _ in shipped()} | {"vendor/VERSIONS"}


def test_sprite_holds_the_listed_icons() -> None:
    sprite = (STATIC / "img" / "icons.svg").read_text()
    assert re.findall(r'<symbol id="([^"]+)"', sprite) == ICONS
    assert sorted(ICONS) == ICONS


@pytest.mark.parametrize("template", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_template_obeys_the_content_security_policy(template: Path) -> None:
    text = template.read_text()
    assert not INLINE.findall(text)
    assert not FOREIGN_ASSET.findall(text)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_template_uses_icons_of_the_sprite(template: Path) -> None:
    used = {first or second for first, second in ICON_TAG.findall(template.read_text())}
    assert used <= set(ICONS)


def test_own_files_fetch_nothing_from_elsewhere() -> None:
    for file in [*(STATIC / "css").glob("*.css"), *(STATIC / "js").glob("*.js")]:
        assert not re.findall(r"https?://|@import", file.read_text()), file


def test_files_can_be_collected_under_hashed_names(tmp_path: Path) -> None:
    storage = ManifestStaticFilesStorage(location=tmp_path)
    names = [str(f.relative_to(STATIC)) for f in STATIC.rglob("*") if f.is_file()]
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes((STATIC / name).read_bytes())
    outcome = list(storage.post_process({name: (storage, name) for name in names}))
    assert [error for _, _, error in outcome if isinstance(error, Exception)] == []


@pytest.mark.parametrize("script", sorted((STATIC / "js").glob("*.js")), ids=lambda path: path.name)
def test_script_begins_with_each_page_and_not_with_the_document(script: Path) -> None:
    if script.name in {"pages.js", "openapi.js"}:  # the latter stands on pages of its own
        return
    assert "DOMContentLoaded" not in script.read_text(), "use redisgate.onPage"
