"""What there is to read, and in which order.

The menu of the site and the lists in docs/README.md are made from this, so a page that is added to
a folder is in both. Pages that nobody has put in order stand behind the others.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
TITLE = re.compile(r"^# (.+)$", re.M)
Groups = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Mode:
    """A folder of docs, and its pages by heading; without headings there is one list."""

    folder: str
    title: str
    purpose: str
    groups: Groups


@dataclass(frozen=True, slots=True)
class Page:
    path: Path

    @property
    def address(self) -> str:
        return self.path.relative_to(DOCS).as_posix()

    @property
    def title(self) -> str:
        found = TITLE.search(self.path.read_text())
        if found is None:
            raise ValueError(f"docs/{self.address} has no title: begin it with '# …'.")
        return found[1]


MODES = (
    Mode("tutorial", "Tutorial", "Learn by doing, from nothing.", {}),
    Mode(
        "how-to",
        "How to",
        "One task each.",
        {
            "Use Redis": "connect-and-see-who-connects use-upstash-clients write-safely-over-http"
            " use-the-console browse-data rotate-an-api-key adopt-a-server",
            "Work with others": "work-as-a-team use-the-management-api read-the-audit-log"
            " secure-your-account sign-in-with-your-identity-provider",
            "Run the platform": "run-in-production deploy-with-compose deploy-with-systemd"
            " deploy-on-kubernetes put-a-proxy-in-front run-elsewhere upgrade-and-roll-back"
            " send-mail rotate-keys operate-with-the-admin plans-and-limits"
            " read-the-platform-overview when-an-alert-fires read-the-logs trace-a-request"
            " failed-jobs troubleshoot",
            "Work on RedisGate": "work-on-redisgate look-at-every-page",
        },
    ),
    Mode(
        "reference",
        "Reference",
        "What there is, complete.",
        {
            "Redis over HTTP": "command-api commands errors streams repeats-and-conflicts"
            " rate-limits api-keys",
            "Management": "management-api management-objects roles audit-events figures keyboard",
            "Running it": "settings checks manage-py probes metrics",
        },
    ),
    Mode(
        "explanation",
        "Explanation",
        "Why it is so.",
        {
            "": "architecture how-an-instance-lives security how-a-job-runs what-the-platform-redis-carries sizing"
        },
    ),
)
REST = {"how-to": "Run the platform", "reference": "Running it"}
"""Under which heading pages stand that no heading names."""


def grouped(mode: Mode) -> Iterator[tuple[str, list[Page]]]:
    """Give each heading of a mode with its pages; pages that aren't written are left out."""
    there = {path.stem: Page(path) for path in sorted((DOCS / mode.folder).glob("*.md"))}
    named = {heading: stems.split() for heading, stems in (mode.groups or {"": ""}).items()}
    known = {stem for stems in named.values() for stem in stems}
    others = sorted((there[stem] for stem in there.keys() - known), key=lambda page: page.title)
    for heading, stems in named.items():
        pages = [there[stem] for stem in stems if stem in there]
        yield heading, [*pages, *(others if heading == REST.get(mode.folder, "") else [])]


def decisions() -> list[Page]:
    """Give the decision records, by number."""
    return [Page(path) for path in sorted((DOCS / "adr").glob("[0-9]*.md"))]


def strays() -> list[str]:
    """Name the pages that are in no folder of a mode, and so in no list."""
    known = {page.path for mode in MODES for _, pages in grouped(mode) for page in pages}
    known |= {page.path for page in decisions()}
    known |= {DOCS / "README.md", DOCS / "adr" / "README.md"}
    return sorted(str(path.relative_to(ROOT)) for path in set(DOCS.rglob("*.md")) - known)
