"""One page with all pictures, to judge them by."""

from collections.abc import Sequence
from html import escape
from pathlib import Path

from gallery.camera import modes_of
from gallery.entry import Entry

_HEAD = """<!DOCTYPE html>
<html lang="en"><meta charset="utf-8"><title>RedisGate, every page</title>
<style>
  body { font: 14px/1.4 system-ui; margin: 24px; background: #888; }
  section { margin-bottom: 32px; } h2 { font-size: 16px; margin: 0 0 8px; }
  div { display: flex; gap: 12px; align-items: start; overflow-x: auto; }
  img { max-height: 640px; box-shadow: 0 1px 6px #0006; }
</style>
"""


def write(entries: Sequence[Entry], folder: Path) -> Path:
    """Write index.html beside the pictures and return where it is."""
    index = folder / "index.html"
    index.write_text(_HEAD + "".join(map(_section, entries)))
    return index


def _section(entry: Entry) -> str:
    pictures = "".join(
        f'<a href="{entry.name}-{mode.name}.png">'
        f'<img src="{entry.name}-{mode.name}.png" alt="{mode.name}" loading="lazy"></a>'
        for mode in modes_of(entry)
    )
    title = f"{entry.name} <small>{escape(entry.path)}, {entry.who or 'nobody'}</small>"
    return f'<section id="{entry.name}"><h2>{title}</h2><div>{pictures}</div></section>\n'
