"""What we ship of other people's work is exactly what we say, and nothing is fetched elsewhere."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

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


def test_vendored_files_are_those_in_versions() -> None:
    present = [(file, hashlib.sha256((STATIC / file).read_bytes()).hexdigest()) for file in names()]
    assert present == shipped()


def names() -> list[str]:
    return [file for file, _ in shipped()]


def test_every_vendored_file_is_in_versions() -> None:
    present = {str(f.relative_to(STATIC)) for f in (STATIC / "vendor").rglob("*") if f.is_file()}
    assert present == {*names(), "vendor/VERSIONS"}


def test_sprite_holds_the_listed_icons() -> None:
    sprite = (STATIC / "img" / "icons.svg").read_text()
    assert re.findall(r'<symbol id="([^"]+)"', sprite) == ICONS
    assert sorted(ICONS) == ICONS


def test_templates_obey_the_content_security_policy() -> None:
    texts = {page: page.read_text() for page in PAGES}
    found = {
        page: INLINE.findall(text) + FOREIGN_ASSET.findall(text) for page, text in texts.items()
    }
    assert offenders(found) == {}


def test_templates_use_icons_of_the_sprite() -> None:
    used = {each: {a or b for a, b in ICON_TAG.findall(each.read_text())} for each in TEMPLATES}
    assert offenders({each: sorted(icons - set(ICONS)) for each, icons in used.items()}) == {}


def offenders(found: Mapping[Path, Sequence[str]]) -> dict[str, Sequence[str]]:
    """Keep the files in which something was found."""
    return {str(file.relative_to(ROOT)): what for file, what in found.items() if what}


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


def test_scripts_begin_with_each_page_and_not_with_the_document() -> None:
    # The latter of the two stands on pages of its own.
    scripts = {*(STATIC / "js").glob("*.js")} - {
        STATIC / "js" / n for n in ("pages.js", "openapi.js")
    }
    found = {script: re.findall("DOMContentLoaded", script.read_text()) for script in scripts}
    assert offenders(found) == {}, "use redisgate.onPage"
