"""The configuration text of one server: pure values in, text out."""

import ipaddress
import re
from dataclasses import dataclass
from pathlib import Path

from instances.spec import InstanceSpec, Persistence
from redisgate.lib.units import MEGABYTE

# A share of the instance's memory alone would let a small instance evict the platform's own
# connections for one large request.
MIN_CLIENTS_BYTES = 32 * MEGABYTE

_HOST_NAME = re.compile(r"[A-Za-z0-9.-]{1,253}")

SNAPSHOT_FILE = "dump.rdb"
APPEND_DIRECTORY = "appendonlydir"
SNAPSHOT_RULES = ("900", "1", "300", "100", "60", "10000")
"""Save after so many seconds with so many changes."""

Directive = tuple[str, ...]

_PERSISTENCE: dict[Persistence, tuple[Directive, ...]] = {
    Persistence.AOF: (
        ("appendonly", "yes"),
        ("appendfsync", "everysec"),
        ("aof-load-truncated", "yes"),
        ("aof-use-rdb-preamble", "yes"),
        ("auto-aof-rewrite-percentage", "100"),
        ("auto-aof-rewrite-min-size", "16mb"),
        ("save", ""),
        ("stop-writes-on-bgsave-error", "no"),
    ),
    Persistence.SNAPSHOT: (
        ("appendonly", "no"),
        ("save", *SNAPSHOT_RULES),
        # A snapshot is all that this preset promises: say loudly when it can't be kept.
        ("stop-writes-on-bgsave-error", "yes"),
    ),
    Persistence.NONE: (
        ("appendonly", "no"),
        ("save", ""),
        ("stop-writes-on-bgsave-error", "no"),
    ),
}

_FIXED: tuple[Directive, ...] = (
    ("daemonize", "no"),
    ("supervised", "no"),
    # The command line stays ours, because adoption compares it.
    ("set-proc-title", "no"),
    ("always-show-logo", "no"),
    ("crash-memcheck-enabled", "no"),
    ("databases", "16"),
    ("dbfilename", SNAPSHOT_FILE),
    ("appenddirname", APPEND_DIRECTORY),
    # What a tenant must not reach, even as the server's most powerful user.
    ("enable-debug-command", "no"),
    ("enable-module-command", "no"),
    ("enable-protected-configs", "no"),
    ("sanitize-dump-payload", "yes"),
    # The server's own defaults for these are unlimited or far beyond one tenant's share.
    ("client-output-buffer-limit", "normal", "256mb", "64mb", "60"),
    ("client-output-buffer-limit", "pubsub", "32mb", "8mb", "60"),
    ("client-query-buffer-limit", "160mb"),
    ("proto-max-bulk-len", "128mb"),
    ("maxclients", "4096"),
    ("busy-reply-threshold", "5000"),
    ("tcp-keepalive", "60"),
    ("timeout", "0"),
    ("latency-monitor-threshold", "100"),
    ("slowlog-log-slower-than", "10000"),
    ("slowlog-max-len", "512"),
    ("lazyfree-lazy-eviction", "yes"),
    ("lazyfree-lazy-expire", "yes"),
    ("lazyfree-lazy-server-del", "yes"),
    ("lazyfree-lazy-user-del", "yes"),
)


@dataclass(frozen=True, slots=True)
class ServerPaths:
    """Where one server keeps its things: all below ``root``, but for the socket."""

    root: Path
    socket: Path

    @property
    def data(self) -> Path:
        return self.root / "data"

    @property
    def config(self) -> Path:
        return self.root / "server.conf"

    @property
    def acl(self) -> Path:
        return self.root / "users.acl"

    @property
    def acl_before(self) -> Path:
        """The server's users before a change that is not finished."""
        return self.root / "users.before.json"

    @property
    def log(self) -> Path:
        return self.root / "server.log"

    @property
    def alive_lock(self) -> Path:
        """Locked by the server itself for as long as it lives."""
        return self.root / "server.alive"

    @property
    def pid_file(self) -> Path:
        return self.root / "server.pid"


@dataclass(frozen=True, slots=True)
class ServerTls:
    """Certificate and private key that a server shows to clients over TCP."""

    certificate: Path
    key: Path


def render(
    spec: InstanceSpec, paths: ServerPaths, bind_host: str, tls: ServerTls | None = None
) -> str:
    """Write the configuration of a server; it holds no secret.

    With ``tls`` the port speaks TLS and nothing else, so that no password travels in the clear.

    The directives are those that Valkey 7.2 and later and Redis 7.2 and later share.
    Raises ValueError for a value that would break out of its place or makes no sense.
    """
    directives: list[Directive] = [
        ("bind", _host(bind_host)),
        *_listening(_port(spec.port), tls),
        ("protected-mode", "yes"),
        ("unixsocket", str(paths.socket)),
        ("unixsocketperm", "700"),
        ("dir", str(paths.data)),
        ("aclfile", str(paths.acl)),
        ("logfile", str(paths.log)),
        *memory_directives(spec),
        *_PERSISTENCE[spec.persistence],
        *_FIXED,
    ]
    return "".join(line(*words) for words in directives)


def keeps_data(text: str) -> bool:
    """Say whether a server with this configuration leaves its data on disk when it ends."""
    return line("appendonly", "yes") in text or line("save", *SNAPSHOT_RULES) in text


def memory_directives(spec: InstanceSpec) -> tuple[Directive, ...]:
    """Say how much a server may hold and what it does then; a running one takes them, too."""
    return (
        ("maxmemory", str(_memory(spec.memory_bytes))),
        ("maxmemory-policy", spec.eviction_policy.value),
        ("maxmemory-clients", str(max(spec.memory_bytes // 10, MIN_CLIENTS_BYTES))),
    )


def _listening(port: int, tls: ServerTls | None) -> tuple[Directive, ...]:
    if tls is None:
        return (("port", str(port)),)
    return (
        ("port", "0"),
        ("tls-port", str(port)),
        ("tls-cert-file", str(tls.certificate)),
        ("tls-key-file", str(tls.key)),
        ("tls-auth-clients", "no"),
        ("tls-protocols", "TLSv1.2 TLSv1.3"),
    )


def line(name: str, *arguments: str) -> str:
    """Write one directive, each argument escaped."""
    return " ".join((name, *map(quoted, arguments))) + "\n"


def quoted(value: str) -> str:
    """Escape one argument, or raise ValueError for what no argument of ours ever holds."""
    if any(char in "\"'" or not char.isprintable() for char in value):
        raise ValueError(f"{value!r} holds a quote or a control character.")
    return '"' + value.replace("\\", "\\\\") + '"'


def _host(text: str) -> str:
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        if _HOST_NAME.fullmatch(text):
            return text
        raise ValueError(f"{text!r} is not an address that a server can listen on.") from None


def _port(port: int) -> int:
    if not 1 <= port <= 65535:
        raise ValueError(f"{port} is not a TCP port.")
    return port


def _memory(memory_bytes: int) -> int:
    # Zero means "no limit" to the server, which one tenant must never have.
    if memory_bytes < MEGABYTE:
        raise ValueError("An instance needs a memory limit of at least 1 MB.")
    return memory_bytes
