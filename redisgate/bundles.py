"""Scripts and style sheets that travel together, each bundle in one request.

They are written and read as the small files that they are made of, and joined when files are
collected for browsers. Why no build tool: docs/adr/0041.
"""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage, Storage

BUNDLES = {
    "bundles/base.css": (
        "css/redisgate.css",
        "css/shell.css",
        "css/components.css",
        "css/palette.css",
    ),
    "bundles/base.js": (
        "vendor/htmx/htmx.min.js",
        "js/pages.js",
        "js/toasts.js",
        "js/session.js",
        "js/whose.js",
        "js/connection.js",
        "js/requests.js",
        "js/focus.js",
        "js/answers.js",
        "js/pressing.js",
        "js/forms.js",
        "js/copying.js",
        "js/tabs.js",
        "js/dialogs.js",
        "js/app.js",
        "js/times.js",
        "js/page-state.js",
    ),
    "bundles/app.js": (
        "vendor/htmx-ext-ws/ws.min.js",
        "js/live.js",
        "js/assets.js",
        "js/place.js",
        "js/navigation.js",
        "js/sending.js",
        "js/palette-door.js",
        "js/shortcuts.js",
    ),
    "bundles/forms.js": ("js/field-errors.js", "js/validation.js", "js/unsaved.js"),
    "bundles/palette.js": (
        "js/palette-matching.js",
        "js/palette-showing.js",
        "js/palette-drawing.js",
        "js/palette.js",
    ),
    "bundles/charts.js": (
        "vendor/uplot/uPlot.iife.min.js",
        "js/figures_words.js",
        "js/figures_chart.js",
        "js/figures.js",
    ),
    "bundles/console.js": (
        "js/console-history.js",
        "js/console-manual.js",
        "js/console-kept.js",
        "js/console-screen.js",
        "js/console-question.js",
        "js/console-link.js",
        "js/console-list.js",
        "js/console.js",
    ),
}
"""Each bundle and its parts in their order, named as templates name static files.

A bundle stands one folder deep, as its parts do, so that what a style sheet names stays found.
"""


class BundleFinder(BaseFinder):
    """Let Django's static files have the bundles; they are written to DATA_DIR/bundles."""

    def __init__(self, *_app_names: Any) -> None:
        self._storage = FileSystemStorage(location=settings.DATA_DIR)

    def check(self, **_options: Any) -> list[Any]:
        """Find nothing wrong: a part that is missing says so when it is joined."""
        return []

    def find(self, path: str, find_all: bool = False) -> str | list[str]:  # type: ignore[override]
        found = [str(self._written(path))] if path in BUNDLES else []
        return found if find_all else next(iter(found), [])

    def list(self, _ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        for name in BUNDLES:
            self._written(name)
            yield name, self._storage

    def _written(self, name: str) -> Path:
        """Write a bundle anew if a part has changed since; else it keeps its time of change."""
        path, content = Path(self._storage.path(name)), joined(name)
        if not path.exists() or path.read_text() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            half = path.with_suffix(f".{os.getpid()}")  # another process may read meanwhile
            half.write_text(content)
            half.replace(path)
        return path


def joined(name: str) -> str:
    """Put the parts of a bundle after each other; a script that fails takes no other along."""
    texts = ((settings.BASE_DIR / "static" / part).read_text() for part in BUNDLES[name])
    return "\n".join(map(_guarded, texts) if name.endswith(".js") else texts)


def _guarded(script: str) -> str:
    return f"try {{\n{script}\n}} catch (error) {{\n  reportError(error);\n}}"
