"""How queries are counted, by what they do."""

from observability import metrics
from observability.queries import Query

TYPES = ("select", "insert", "update", "delete", "other")

_queries = {name: metrics.QUERIES.labels(name) for name in TYPES}
_errors = {name: metrics.QUERY_ERRORS.labels(name) for name in TYPES}
_durations = {name: metrics.QUERY_DURATION.labels(name) for name in TYPES}


def count(query: Query) -> None:
    """Count one that has ended."""
    label = label_of(query.kind)
    _queries[label].inc()
    _durations[label].observe(query.seconds)
    if query.has_failed:
        _errors[label].inc()


def label_of(kind: str) -> str:
    """Name what it does, out of a few."""
    label = kind.lower()
    return label if label in _queries else "other"
