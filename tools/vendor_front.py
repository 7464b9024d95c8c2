"""Copy the front end's third-party files out of node_modules and build the icon sprite.

Usage: `npm install` the packages of PACKAGES somewhere outside the repository, then
`python tools/vendor_front.py /that/place/node_modules`. What is shipped stands in
static/vendor/VERSIONS with its hash, and a test compares.
"""

import hashlib
import json
import re
import sys
from dataclasses import dataclass
from pathlib import Path

STATIC = Path(__file__).resolve().parent.parent / "static"
VENDOR = STATIC / "vendor"
ICON_NAMES = STATIC / "img" / "icons.txt"
SPRITE = STATIC / "img" / "icons.svg"

# A map that isn't shipped would make the manifest storage refuse the whole file.
SOURCE_MAP = re.compile(rb"\s*(?:/\*|//)# sourceMappingURL=\S+(?: ?\*/)?\s*$")
SVG_BODY = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)
EMPTY_BOX = '<path stroke="none" d="M0 0h24v24H0z" fill="none" />'


@dataclass(frozen=True)
class Package:
    """One npm package: where its files go, and which of them are shipped."""

    name: str
    folder: str
    files: tuple[str, ...]


PACKAGES = (
    Package("@tabler/core", "tabler", ("dist/css/tabler.min.css",)),
    Package("htmx.org", "htmx", ("dist/htmx.min.js", "LICENSE")),
    Package("htmx-ext-ws", "htmx-ext-ws", ("dist/ws.min.js", "LICENSE")),
    Package(
        "@fontsource-variable/inter", "inter", ("files/inter-latin-wght-normal.woff2", "LICENSE")
    ),
    Package(
        "@fontsource-variable/jetbrains-mono",
        "jetbrains-mono",
        ("files/jetbrains-mono-latin-wght-normal.woff2", "LICENSE"),
    ),
    Package("@tabler/icons", "tabler-icons", ("LICENSE",)),
    Package("uplot", "uplot", ("dist/uPlot.iife.min.js", "dist/uPlot.min.css", "LICENSE")),
)


def version_of(node_modules: Path, package: Package) -> str:
    """Return the version npm installed."""
    manifest = json.loads((node_modules / package.name / "package.json").read_text())
    return str(manifest["version"])


def copy(source: Path, target: Path) -> str:
    """Copy one file without its source map line and return its SHA-256."""
    content = SOURCE_MAP.sub(b"\n", source.read_bytes())
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    return hashlib.sha256(content).hexdigest()


def vendor(node_modules: Path) -> list[str]:
    """Copy every file of every package and return the lines of VERSIONS."""
    lines = []
    for package in PACKAGES:
        version = version_of(node_modules, package)
        for file in package.files:
            target = VENDOR / package.folder / Path(file).name
            digest = copy(node_modules / package.name / file, target)
            lines.append(f"{package.name} {version} {target.relative_to(STATIC)} {digest}")
    return lines


def symbol(node_modules: Path, name: str) -> str:
    """Return one icon as a symbol of the sprite."""
    drawing = (node_modules / "@tabler/icons/icons/outline" / f"{name}.svg").read_text()
    body = SVG_BODY.search(drawing)
    if body is None:
        raise ValueError(f"{name}.svg is no drawing")
    paths = re.sub(r"\s*\n\s*", "", body.group(1).replace(EMPTY_BOX, ""))
    return f'<symbol id="{name}" viewBox="0 0 24 24">{paths}</symbol>'


def sprite(node_modules: Path) -> str:
    """Return the sprite of every icon named in icons.txt."""
    symbols = [symbol(node_modules, name) for name in ICON_NAMES.read_text().split()]
    return "\n".join(['<svg xmlns="http://www.w3.org/2000/svg">', *symbols, "</svg>", ""])


def main() -> None:
    """Vendor from the node_modules folder named on the command line."""
    node_modules = Path(sys.argv[1])
    SPRITE.write_text(sprite(node_modules))
    lines = vendor(node_modules)
    header = "# name version file sha256 (source map lines removed; see tools/vendor_front.py)"
    (VENDOR / "VERSIONS").write_text("\n".join([header, *lines, ""]))


if __name__ == "__main__":
    main()
