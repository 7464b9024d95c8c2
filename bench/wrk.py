"""HTTP load: wrk, told by a script what to send."""

import json
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bench.programs import find

CHANGING_HEADER = "upstash-sync-token"
PATIENCE_SECONDS = 60
MARK = "RESULT "
CRLF = "\r\n"

DONE = """
done = function(summary, latency)
  local e = summary.errors
  local form = '{"requests": %.0f, "microseconds": %.0f, "p50": %.0f, "p99": %.0f, "failures": '
    .. '{"connect": %.0f, "read": %.0f, "write": %.0f, "status": %.0f, "timeout": %.0f}}'
  io.write(string.format('\\nRESULT ' .. form .. '\\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    e.connect, e.read, e.write, e.status, e.timeout))
end
"""


@dataclass(frozen=True, kw_only=True)
class Load:
    """Requests to one port. With several paths or bodies each request takes one at random."""

    port: int
    method: str = "POST"
    paths: Sequence[str]
    bodies: Sequence[str] = ("",)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    is_head_changing: bool = False
    is_random: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What wrk counted."""

    requests: int
    seconds: float
    p50_ms: float
    p99_ms: float


class LoadFailed(Exception):
    """Some requests had no good answer, so the others say nothing."""


def run(load: Load, *, connections: int, seconds: int) -> Outcome:
    """Send for some seconds. Raises LoadFailed."""
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        file.write(script(load))
        file.flush()
        command = [find("wrk") or "wrk", "-t1", f"-c{connections}", f"-d{seconds}s"]
        command += ["--latency", "--timeout", "10s", "-s", file.name]
        command += [f"http://127.0.0.1:{load.port}"]
        done = subprocess.run(  # noqa: S603  the command is our own
            command, capture_output=True, text=True, check=True, timeout=seconds + PATIENCE_SECONDS
        )
    return read(done.stdout)


def read(report: str) -> Outcome:
    """Read what the script's last function has printed."""
    [line] = [line for line in report.splitlines() if line.startswith(MARK)]
    counted = json.loads(line.removeprefix(MARK))
    failures = [f"{count} by {kind}" for kind, count in counted["failures"].items() if count]
    if failures or not counted["requests"]:
        raise LoadFailed(
            f"of {counted['requests']} requests failed: {', '.join(failures) or 'all'}"
        )
    return Outcome(
        counted["requests"],
        counted["microseconds"] / 1e6,
        counted["p50"] / 1e3,
        counted["p99"] / 1e3,
    )


def script(load: Load) -> str:
    """Write the script. A request that is always the same costs wrk no Lua at all."""
    if load.is_random or load.is_head_changing:
        return _script_that_chooses(load) + DONE
    lines = [f"wrk.method = {quoted(load.method)}", f"wrk.path = {quoted(load.paths[0])}"]
    if load.bodies[0]:
        lines.append(f"wrk.body = {quoted(load.bodies[0])}")
    lines += [f"wrk.headers[{quoted(n)}] = {quoted(v)}" for n, v in load.headers.items()]
    return "\n".join(lines) + DONE


def _script_that_chooses(load: Load) -> str:
    [length] = {len(body) for body in load.bodies}  # one Content-Length for all
    headers = {"Host": f"127.0.0.1:{load.port}", **load.headers, "Content-Length": str(length)}
    rest = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    end = quoted(CRLF)
    if load.is_head_changing:
        rest += f"{CHANGING_HEADER}: "
        end = f"string.format('%016x', sent) .. {quoted(CRLF * 2)}"
    heads = ", ".join(quoted(f"{load.method} {path} HTTP/1.1\r\n") for path in load.paths)
    bodies = ", ".join(quoted(body) for body in load.bodies)
    return f"""
local heads, bodies, sent = {{{heads}}}, {{{bodies}}}, 0
local rest = {quoted(rest)}
for i = 1, #heads do heads[i] = heads[i] .. rest end
request = function()
  sent = sent + 1
  return heads[math.random(#heads)] .. {end} .. bodies[math.random(#bodies)]
end
"""


def quoted(text: str) -> str:
    """Write a string as Lua reads it; for ASCII, JSON's escapes are Lua's too."""
    if not text.isascii():
        raise ValueError("only ASCII can be written into a script")
    return json.dumps(text)
