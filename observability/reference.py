"""The reference page of metrics, made from `observability.metrics` below a text of its own."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from observability import metrics

HEAD = "| metric | type | labels | meaning |\n|---|---|---|---|\n"


@dataclass(frozen=True, slots=True)
class Entry:
    name: str
    kind: str
    labels: Sequence[str]
    meaning: str

    @property
    def row(self) -> str:
        labels = ", ".join(f"`{label}`" for label in self.labels)
        return f"| `{self.name}` | {self.kind} | {labels} | {self.meaning} |\n"


def entries() -> Iterator[Entry]:
    """List every metric in the order of the file that describes them."""
    # The library tells of labels nowhere else as long as nothing was counted.
    for metric in metrics.REGISTRY._collector_to_names:
        yield _counted(metric)
    for kind, described in metrics.COLLECTED:
        for name, (words, labels) in described.items():
            yield Entry(name, kind, labels, words)


def render(page: str) -> str:
    """Give the page with a new table, and the words above and below it as they are."""
    above, _, rest = page.partition(HEAD)
    below = itertools.dropwhile(lambda line: line.startswith("|"), rest.splitlines(keepends=True))
    return above + HEAD + "".join(entry.row for entry in entries()) + "".join(below)


def _counted(metric: Any) -> Entry:
    suffix = "_total" if metric._type == "counter" else ""
    return Entry(metric._name + suffix, metric._type, metric._labelnames, metric._documentation)
