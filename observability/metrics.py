"""Every metric of the platform. Labels take values from small fixed sets alone.

Import it late: `observability.metric_files.begin` must have run before, where several workers
share what they count.
"""

from collections.abc import Mapping, Sequence

import prometheus_client
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from observability import buckets

# The moment at which a series was born is of no use to us, and doubles what is scraped.
prometheus_client.disable_created_metrics()  # type: ignore[no-untyped-call]

REGISTRY = CollectorRegistry()


class BatchHistogram(Histogram):
    """A histogram that takes many observations at once, counted elsewhere in the same buckets."""

    def add(self, counts: Sequence[int], seconds: float) -> None:
        self._sum.inc(seconds)
        for bucket, count in zip(self._buckets, counts, strict=True):
            if count:
                bucket.inc(count)


# HTTP: pages and APIs by route, the command API as /redis/<instance>.
HTTP_REQUESTS = Counter(
    "http_requests_total",
    "Answered HTTP requests.",
    ("method", "path", "status"),
    registry=REGISTRY,
)
HTTP_ERRORS = Counter(
    "http_request_errors_total",
    "HTTP requests answered with a status of 500 or above.",
    ("method", "path", "status"),
    registry=REGISTRY,
)
HTTP_SECONDS = BatchHistogram(
    "http_request_duration_seconds",
    "From the request's head to the end of its answer's making.",
    ("method", "path"),
    buckets=buckets.HTTP_SECONDS,
    registry=REGISTRY,
)

# The command API.
COMMANDS = Counter(
    "redis_commands_total",
    "Commands over HTTP that were answered.",
    ("command",),
    registry=REGISTRY,
)
COMMAND_ERRORS = Counter(
    "redis_command_errors_total",
    "Commands over HTTP that were answered with an error.",
    ("command",),
    registry=REGISTRY,
)
COMMAND_DURATION = BatchHistogram(
    "redis_command_duration_seconds",
    "Durations of requests by their command; a pipeline or transaction counts as one.",
    ("command",),
    buckets=buckets.HTTP_SECONDS,
    registry=REGISTRY,
)
CONNECTIONS = Gauge(
    "redis_connections_active",
    "Open connections of the command API to instances.",
    multiprocess_mode="livesum",
    registry=REGISTRY,
)
CIRCUITS_OPEN = Gauge(
    "redis_circuits_open",
    "Instances whose commands are refused at once because their server doesn't answer.",
    multiprocess_mode="livesum",
    registry=REGISTRY,
)
BY_STATISTIC = {
    "connections_opened": Counter(
        "redis_connections_opened_total", "Connections opened to instances.", registry=REGISTRY
    ),
    "connections_lost": Counter(
        "redis_connections_lost_total",
        "Connections to instances that ended by themselves.",
        registry=REGISTRY,
    ),
    "circuits_opened": Counter(
        "redis_circuits_opened_total", "Circuit breakers that opened.", registry=REGISTRY
    ),
    "circuits_closed": Counter(
        "redis_circuits_closed_total", "Circuit breakers that closed again.", registry=REGISTRY
    ),
    "refused_by_circuit": Counter(
        "redis_circuit_refusals_total",
        "Requests that an open circuit breaker refused.",
        registry=REGISTRY,
    ),
}
"""By the name of `gateway.upstream.Statistics`."""
REFUSALS = Counter(
    "gateway_refusals_total",
    "Requests to the command API that were refused as a whole, by the reason's code.",
    ("code",),
    registry=REGISTRY,
)
KEY_REQUESTS = Counter(
    "api_key_requests_total",
    "Requests with a valid API key: ok, error (the command's), or refused.",
    ("outcome",),
    registry=REGISTRY,
)
KEY_FAILURES = Counter(
    "api_key_auth_failures_total",
    "Requests to the command API whose key was missing or opened nothing.",
    registry=REGISTRY,
)
USAGE_LOST = Counter(
    "api_key_usage_lost_total",
    "Requests that the usage of keys will never show, because the database was away too long.",
    registry=REGISTRY,
)

# The platform's own Redis.
PLATFORM_REDIS_CALLS = Counter(
    "platform_redis_calls_total",
    "Calls to the platform's Redis by purpose: answered, or a fallback was used.",
    ("use", "outcome"),
    registry=REGISTRY,
)
PLATFORM_REDIS_STATES = Counter(
    "platform_redis_breaker_total",
    "How often the circuit breaker of the platform's Redis went to a state.",
    ("state",),
    registry=REGISTRY,
)

# The database.
QUERIES = Counter(
    "database_queries_total", "Queries of the web workers.", ("type",), registry=REGISTRY
)
QUERY_ERRORS = Counter(
    "database_query_errors_total", "Queries that failed.", ("type",), registry=REGISTRY
)
QUERY_DURATION = Histogram(
    "database_query_duration_seconds",
    "Durations of queries.",
    ("type",),
    buckets=buckets.QUERY_SECONDS,
    registry=REGISTRY,
)

# What is there. The rooms that own it count it when somebody asks (`observability.population`).
# Their names end in _total and their numbers can fall, which is neither a counter nor a good
# gauge for Prometheus, so they go without a type.
Described = Mapping[str, tuple[str, tuple[str, ...]]]
"""Help and labels by name."""
POPULATION: Described = {
    "users_total": ("Accounts of people.", ()),
    "organizations_total": ("Organizations.", ()),
    "redis_instances_total": ("Instances by status.", ("status",)),
}
JOBS: Described = {
    "jobs_enqueued_total": ("Background jobs; one that is run again counts again.", ("task",)),
    "jobs_finished_total": (
        "Runs of jobs: succeeded, retried, lost with their worker, or failed for good.",
        ("task", "outcome"),
    ),
    "jobs_run_seconds_total": ("How long they ran.", ("task", "outcome")),
    "jobs_waited_seconds_total": ("How long they were due before.", ("task", "outcome")),
}
"""Sums in the database, added to as a job ends, because workers have no page of metrics."""
COMPONENTS: Described = {
    "component_up": ("1 while the component does its work.", ("component",)),
}
INSTANCES: Described = {
    "redis_instance_up": (
        "1 while an instance that shall run does, and isn't known to be ill.",
        ("instance",),
    ),
    "redis_instance_memory_limit_bytes": ("What the instance may hold.", ("instance",)),
    "redis_instance_used_memory_bytes": ("What its data takes.", ("instance",)),
    "redis_instance_rss_memory_bytes": ("What its process holds.", ("instance",)),
    "redis_instance_connected_clients": (
        "Native connections, the platform's own left out.",
        ("instance",),
    ),
    "redis_instance_commands_per_second": (
        "Commands, the platform's own left out.",
        ("instance",),
    ),
    "redis_instance_hit_ratio": ("Reads that found their key; unknown without.", ("instance",)),
    "redis_instance_keys": ("Keys in all databases.", ("instance",)),
    "redis_instance_evictions_per_second": ("Keys that gave way to others.", ("instance",)),
    "redis_instance_network_in_bytes_per_second": ("Received from clients.", ("instance",)),
    "redis_instance_network_out_bytes_per_second": ("Sent to clients.", ("instance",)),
    "redis_instance_cpu_user_ratio": ("Share of one core, in the program.", ("instance",)),
    "redis_instance_cpu_system_ratio": ("Share of one core, in the kernel.", ("instance",)),
    "redis_instance_ping_seconds": ("How long a PING took.", ("instance",)),
}
