"""Every metric of the platform. Labels take values from small fixed sets alone.

Import it late: `observability.metric_files.begin` must have run before, where several workers
share what they count.
"""

from collections.abc import Mapping, Sequence
from typing import Literal

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
    "Answered HTTP requests: pages and APIs by route, commands as /redis/<instance>; 499 where a "
    "page was given up before it was answered, mostly because the client hung up.",
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
    "Seconds from a request's head until its answer was made, or its page given up; commands that "
    "wait and streams too.",
    ("method", "path"),
    buckets=buckets.HTTP_SECONDS,
    registry=REGISTRY,
)

# The command API.
COMMANDS = Counter(
    "redis_commands_total",
    "Commands over HTTP that were answered; names that no server knows are `other`.",
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
    "Seconds of requests by their command; a `pipeline`, `transaction` or `stream` is one.",
    ("command",),
    buckets=buckets.HTTP_SECONDS,
    registry=REGISTRY,
)
CONNECTIONS = Gauge(
    "redis_connections_active",
    "Open connections of the command API to instances, in all web workers.",
    multiprocess_mode="livesum",
    registry=REGISTRY,
)
FULLEST = Gauge(
    "redis_connections_fullest_ratio",
    "Share of GATEWAY_CONNECTIONS at work, of the instance and the web worker where it is largest.",
    multiprocess_mode="livemax",
    registry=REGISTRY,
)
CIRCUITS_OPEN = Gauge(
    "redis_circuits_open",
    "Instances whose commands are refused at once as their server is away; in each worker anew.",
    multiprocess_mode="livesum",
    registry=REGISTRY,
)
BY_STATISTIC = {
    "connections_opened": Counter(
        "redis_connections_opened_total",
        "Connections of the command API that were opened.",
        registry=REGISTRY,
    ),
    "connections_lost": Counter(
        "redis_connections_lost_total",
        "Connections of the command API that ended by themselves.",
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
    "Requests to the command API whose API key was missing or opened nothing.",
    registry=REGISTRY,
)
USAGE_LOST = Counter(
    "api_key_usage_lost_total",
    "Requests missing in the usage of keys, because the database was away for too long.",
    registry=REGISTRY,
)

# Live updates.
WEBSOCKETS = Gauge(
    "websocket_connections",
    "Open WebSockets of pages that update themselves, and of consoles.",
    multiprocess_mode="livesum",
    registry=REGISTRY,
)

# The platform's own Redis.
PLATFORM_REDIS_CALLS = Counter(
    "platform_redis_calls_total",
    "Calls of web workers to the platform's Redis: `answered`, or a `fallback` did the work.",
    ("use", "outcome"),
    registry=REGISTRY,
)
PLATFORM_REDIS_STATES = Counter(
    "platform_redis_breaker_total",
    "How often a circuit breaker of the platform's Redis became open, half-open or closed; each of "
    "a process's clients has one.",
    ("state",),
    registry=REGISTRY,
)

CACHE_REQUESTS = Counter(
    "cache_requests_total",
    "What was asked of the cache by what it is: hit, shared (another was at it), stale (another "
    "was at it and took long), miss, or away.",
    ("name", "outcome"),
    registry=REGISTRY,
)

# The database.
QUERIES = Counter(
    "database_queries_total", "Database queries of the web workers.", ("type",), registry=REGISTRY
)
QUERY_ERRORS = Counter(
    "database_query_errors_total",
    "Database queries of the web workers that failed.",
    ("type",),
    registry=REGISTRY,
)
QUERY_DURATION = Histogram(
    "database_query_duration_seconds",
    "Seconds of database queries of the web workers.",
    ("type",),
    buckets=buckets.QUERY_SECONDS,
    registry=REGISTRY,
)

# What is there now. Whoever owns it counts it when somebody asks (`observability.population`).
Described = Mapping[str, tuple[str, tuple[str, ...]]]
"""Help and labels by name."""

# Their names end in _total and their numbers can fall, which is neither a counter nor a good
# gauge for Prometheus, so they go without a type.
POPULATION: Described = {
    "users_total": ("Accounts of people.", ()),
    "organizations_total": ("Organizations.", ()),
    "redis_instances_total": ("Instances by status.", ("status",)),
    "api_keys_total": ("API keys that are neither revoked nor expired.", ()),
}
PLATFORM: Described = {
    "redisgate_build_info": ("Always 1; says what runs.", ("version", "python")),
    "component_up": ("1 while a component of /health does its work.", ("component",)),
    "component_latency_seconds": ("How long a component took to answer.", ("component",)),
    "controller_lease_held": ("1 while a controller leads; 0 when nobody looks after servers.", ()),
    "controller_lease_renewed_timestamp_seconds": ("When the lead was renewed last.", ()),
    "duty_last_turn_timestamp_seconds": (
        "When a duty of the leading controller came round last.",
        ("duty",),
    ),
    "duty_interval_seconds": ("How often a duty should come round.", ("duty",)),
    "figures_newest_sample_timestamp_seconds": (
        "When any instance was sampled last; left out where none runs.",
        (),
    ),
    "jobs_waiting": ("Background jobs that have not begun, by queue: mail, other.", ("queue",)),
    "jobs_put_off": ("Of those, jobs for a later moment, such as a repeated mail.", ("queue",)),
    "jobs_running": ("Background jobs under way.", ("queue",)),
    "jobs_failed": ("Background jobs that failed for good within two weeks.", ("queue",)),
    "jobs_oldest_due_seconds": (
        "How long the first job that is due has waited; 0 while none is.",
        ("queue",),
    ),
    "quota_drift": (
        "Difference between the counters of all quotas and the rows they count; 0 when right.",
        ("resource",),
    ),
    "certificate_expiry_timestamp_seconds": (
        "When a certificate of the platform's own ends; INSTANCE_TLS_CERT is `instances`.",
        ("certificate",),
    ),
}
HOSTS: Described = {
    "host_memory_bytes": ("Memory of a machine that runs servers.", ("host",)),
    "host_memory_free_bytes": ("Memory that programs could still have.", ("host",)),
    "host_disk_bytes": ("Size of the disk of DATA_DIR.", ("host",)),
    "host_disk_free_bytes": ("What is free of it.", ("host",)),
    "host_load": ("Processes that want a processor, on average of a minute.", ("host",)),
    "host_processors": ("Processors that the controller may use.", ("host",)),
    "host_report_timestamp_seconds": ("When its controller reported last.", ("host",)),
}
PROCESSES: Described = {
    "process_resident_memory_bytes": (
        "Memory of a role's processes on this machine; what they share counts once.",
        ("role",),
    ),
    "process_open_fds": ("Open files of the one of its processes that has most.", ("role",)),
    "process_max_fds": ("How many it may open.", ("role",)),
    "role_processes": ("Its processes; web has its workers and one more.", ("role",)),
    "process_start_time_seconds": ("When it began, as seconds since 1970.", ("role",)),
}
COUNTED: Described = {
    "process_cpu_seconds_total": (
        "Processor time of a role's processes on this machine, ended workers among them.",
        ("role",),
    ),
    "host_cpu_seconds_total": (
        "Processor time of the machine that answers, of all its processors: busy and idle.",
        ("host", "state"),
    ),
    "controller_takeovers_total": ("How often a controller took the lead.", ()),
    "jobs_enqueued_total": ("Background jobs; one that is run again counts again.", ("task",)),
    "jobs_finished_total": (
        "Runs of jobs: succeeded, retried, lost with their worker, or failed for good.",
        ("task", "outcome"),
    ),
    "jobs_run_seconds_total": ("How long they ran.", ("task", "outcome")),
    "jobs_waited_seconds_total": ("How long they were due before.", ("task", "outcome")),
}
"""Counted elsewhere, and read when somebody asks."""
INSTANCES: Described = {
    "redis_instance_up": (
        "1 while an instance that shall run does, and isn't known to be ill.",
        ("instance_id",),
    ),
    "redis_instance_memory_limit_bytes": ("What the instance may hold.", ("instance_id",)),
    "redis_instance_used_memory_bytes": ("What its data takes.", ("instance_id",)),
    "redis_instance_rss_memory_bytes": ("What its process holds.", ("instance_id",)),
    "redis_instance_connected_clients": (
        "Native connections, the platform's own left out.",
        ("instance_id",),
    ),
    "redis_instance_commands_per_second": (
        "Commands, the platform's own left out.",
        ("instance_id",),
    ),
    "redis_instance_hit_ratio": ("Reads that found their key; unknown without.", ("instance_id",)),
    "redis_instance_keys": ("Keys in all databases.", ("instance_id",)),
    "redis_instance_evictions_per_second": ("Keys that gave way to others.", ("instance_id",)),
    "redis_instance_network_in_bytes_per_second": ("Received from clients.", ("instance_id",)),
    "redis_instance_network_out_bytes_per_second": ("Sent to clients.", ("instance_id",)),
    "redis_instance_cpu_user_ratio": ("Share of one core, in the program.", ("instance_id",)),
    "redis_instance_cpu_system_ratio": ("Share of one core, in the kernel.", ("instance_id",)),
    "redis_instance_ping_seconds": ("How long a PING took.", ("instance_id",)),
}

COLLECTED: Sequence[tuple[Literal["untyped", "gauge", "counter"], Described]] = (
    ("untyped", POPULATION),
    ("gauge", PLATFORM),
    ("gauge", HOSTS),
    ("gauge", PROCESSES),
    ("counter", COUNTED),
    ("gauge", INSTANCES),
)
