"""The least that a client of many servers can do: write, wait, read. Nothing is understood.

Takes as JSON on standard input: sockets (path and password), in flight, seconds. Prints as JSON
what it counted. Its figures are the ground on which a gateway stands: what it costs above them is
HTTP, keys and limits.
"""

import json
import random
import select
import socket
import statistics
import sys
import time
from collections import Counter

from redisgate.lib.resp import pack

COMMAND = pack([[b"SET", b"key:0001", b"bar"]])
REPLY = b"+OK\r\n"
READ_BYTES = 65536


def connect(path: str, password: str) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.connect(path)
    connection.sendall(pack([[b"AUTH", b"default", password.encode()]]))
    if connection.recv(READ_BYTES) != REPLY:
        raise ConnectionError("the server doesn't know the password")
    connection.settimeout(0)
    return connection


def run(
    connections: list[socket.socket], in_flight: int, seconds: float
) -> tuple[list[float], float]:
    """Keep commands under way to random servers; return how long each took, and all of it."""
    poll = select.epoll()
    by_number = {it.fileno(): it for it in connections}
    for number in by_number:
        poll.register(number, select.EPOLLIN)
    numbers = list(by_number)
    sent_at: dict[int, list[float]] = {number: [] for number in numbers}
    waits: list[float] = []
    free, now = in_flight, time.perf_counter()
    begin = now
    while now - begin < seconds:
        for number, count in Counter(random.choices(numbers, k=free)).items():  # noqa: S311
            by_number[number].send(COMMAND * count)
            sent_at[number] += [now] * count
        ready, free = poll.poll(), 0
        now = time.perf_counter()
        for number, _ in ready:
            count = len(by_number[number].recv(READ_BYTES)) // len(REPLY)
            waits += [now - it for it in sent_at[number][:count]]
            del sent_at[number][:count]
            free += count
    return waits, now - begin


def main() -> None:
    asked = json.load(sys.stdin)
    connections = [connect(path, password) for path, password in asked["sockets"]]
    used = time.process_time()
    waits, seconds = run(connections, asked["in_flight"], asked["seconds"])
    used = time.process_time() - used
    percentiles = statistics.quantiles(waits, n=100)
    found = {
        "requests": len(waits),
        "seconds": seconds,
        "cpu_seconds": used,
        "p50_ms": percentiles[49] * 1000,
        "p99_ms": percentiles[98] * 1000,
    }
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
