"""The fast door to the command API: answers in the protocol itself, without ASGI and tasks.

It never adds a feature, only removes cost. What it doesn't take goes on to ASGI untouched.
"""

import asyncio
from collections import deque
from typing import Any, ClassVar
from weakref import WeakKeyDictionary

from uvicorn import Config
from uvicorn._types import ASGI3Application
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from gateway import asgi_limits, core, fast_heads, runtime
from gateway.allowance import Allowance
from gateway.call import Call
from gateway.core import Response
from gateway.errors import BodyTooSlow
from gateway.express import Express
from gateway.fast_heads import FastHead
from gateway.flow import Run
from gateway.known_bodies import KnownBodies
from gateway.known_heads import KnownHeads, Shape
from gateway.wire import ServerState, Writer
from observability.counted_protocol import CountedProtocol


class Shared:
    """What the connections of one server share."""

    def __init__(self, state: ServerState, config: Config) -> None:
        self.writer = Writer(state)
        self.heads = KnownHeads()
        self.bodies = KnownBodies()
        self.proxies = _trusted_hosts(config) if config.proxy_headers else None


def _trusted_hosts(config: Config) -> Any:
    """Read the setting as uvicorn does for ASGI."""
    return ProxyHeadersMiddleware(config.loaded_app, config.forwarded_allow_ips).trusted_hosts


_shared: WeakKeyDictionary[ServerState, Shared] = WeakKeyDictionary()


class FastLane(CountedProtocol):
    """One connection. Answers leave in the order in which their requests came."""

    calls_max: ClassVar[int] = 64
    """How many requests of one connection may be under way; the next ones wait unstarted."""

    __slots__ = (
        "_bodies",
        "_body_bytes",
        "_body_since",
        "_chunks",
        "_express",
        "_head",
        "_heads",
        "_held",
        "_host",
        "_is_active",
        "_is_between",
        "_is_ending",
        "_just_read",
        "_last",
        "_last_bytes",
        "_last_head",
        "_last_words",
        "_on_answer",
        "_proxies",
        "_shape",
        "_started",
        "_waiting",
        "_writer",
        "runtime",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shared = _shared.get(self.server_state)
        if shared is None:
            shared = _shared[self.server_state] = Shared(self.server_state, self.config)
        self._writer, self._proxies = shared.writer, shared.proxies
        self._heads, self._bodies = shared.heads, shared.bodies
        self.runtime = runtime.current()
        self._started: deque[Run | Express] = deque()
        self._waiting: deque[Run] = deque()
        self._last: Run | Express | None = None
        self._last_words = b""
        self._held: tuple[Any, Any] | None = None
        self._head: FastHead | None = None
        self._chunks: list[bytes] = []
        self._just_read: FastHead | None = None
        self._shape: Shape | None = None
        self._last_head = b""
        self._last_bytes = -1
        self._body_bytes = 0
        self._body_since = 0.0
        self._is_between = True
        self._is_active = self._is_ending = False
        self._on_answer = self.answer
        self._express = Express(self, self._bodies)
        self._host = ""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._host = self.client[0] if self.client else ""
        self._is_between = not self._is_one_too_many

    # Requests in

    def data_received(self, data: bytes) -> None:
        was_between = self._is_between
        if was_between:
            # Most often it's the same head as before, byte for byte.
            if len(data) == self._last_bytes and data.startswith(self._last_head):
                shape = self._shape
            else:
                shape = self._recognize(data)
            cycle = self.cycle
            if (
                shape is not None
                and (cycle is None or cycle.response_complete)
                and not self._is_ending
            ):
                head, body = shape.head, data[len(self._last_head) :]
                if head.is_common and not self._started and not self._waiting:
                    express = self._express
                    if not self.flow.write_paused and express.start(head, body):
                        self._started.append(express)
                        self._was_used = self._is_active = True
                        return
                self._take(head, body)
                return
            self._just_read = None
        if self._is_ending:
            return
        super().data_received(data)
        if was_between and self._is_between and self._just_read is not None:
            self._heads.remember(data, self._just_read)

    def _recognize(self, data: bytes) -> Shape | None:
        """Find what is known of the one request that this is."""
        shape = self._shape
        head_bytes = 0 if shape is None else shape.head_bytes(data)
        if not head_bytes:
            shape = self._heads.find(data)
            head_bytes = 0 if shape is None else shape.head_bytes(data)
            if not head_bytes:
                return None
        self._shape, self._last_head, self._last_bytes = shape, data[:head_bytes], len(data)
        return shape

    def on_message_begin(self) -> None:
        # Uvicorn's scope is made when it turns out that ASGI answers.
        self.url = b""
        self.headers = []
        self.expect_100_continue = False
        self._is_between = False
        self._head_since = self.loop.time()

    def take_head(self) -> None:
        if self._is_ending:
            return
        head = None
        if self._takes_head():
            limit_bytes = self.runtime.limits.request_bytes
            method = self.parser.get_method()
            head = fast_heads.read(method, self.url, self.headers, limit_bytes)
        if head is None:
            self._hand_on()
            return
        self._head = head
        self._body_bytes = 0
        self._body_since = self.loop.time()

    def _hand_on(self) -> None:
        url, headers, expects = self.url, self.headers, self.expect_100_continue
        HttpToolsProtocol.on_message_begin(self)
        self.url, self.expect_100_continue = url, expects
        self.headers.extend(headers)  # the scope has this very list
        super().take_head()

    def on_body(self, body: bytes) -> None:
        if self._head is not None:
            self._chunks.append(body)
            self._body_bytes += len(body)
        elif not self._is_ending:
            super().on_body(body)

    def on_message_complete(self) -> None:
        self._is_between = True
        head, self._head = self._head, None
        if head is None:
            if not self._is_ending:
                super().on_message_complete()
            return
        chunks, self._chunks = self._chunks, []
        ends = not self.parser.should_keep_alive() or self.parser.get_http_version() == "1.0"
        self._just_read = None if ends else head
        self._take(head, chunks[0] if len(chunks) == 1 else b"".join(chunks), ends=ends)

    def _take(self, head: FastHead, body: bytes, *, ends: bool = False) -> None:
        run = Run(head, body, self.address(head), self.runtime, self._on_answer)
        if ends:
            self._end_after(run)
        self._was_used = self._is_active = True
        if self._waiting or len(self._started) >= self.calls_max or self.flow.write_paused:
            self._waiting.append(run)
            self.flow.pause_reading()
        else:
            self._started.append(run)
            run.start()

    def address(self, head: FastHead) -> str:
        """Say where a request came from."""
        address = self._host
        if self._proxies is not None and address in self._proxies:
            forwarded = head.headers.get(b"x-forwarded-for", b"").decode("latin-1")
            address = self._proxies.get_trusted_client_address(forwarded)[0] or address
        return address

    # Answers out

    def answer(self, run: Run | Express, response: Response) -> None:
        """Write what is due: nothing as long as an earlier answer is missing."""
        started, transport = self._started, self.transport
        run.response = response
        while started and (due := started[0].response) is not None:
            run = started.popleft()
            if transport.is_closing():
                continue
            is_last = run is self._last or (self._is_leaving and not self._expects_more())
            transport.write(self._writer.write(run.head, due, is_last=is_last))
            if is_last:
                transport.close()
        if self.flow.read_paused:  # as whenever something is held back
            self._go_on()

    def replace(self) -> None:
        """Leave the ready call to whoever may still hold it, and get another one ready."""
        self._express = Express(self, self._bodies)

    def answer_plainly(self, call: Express, allowance: Allowance, body: bytes) -> None:
        """Do what ``answer`` does for a body with status 200 to a common head."""
        started, transport = self._started, self.transport
        if len(started) > 1 or self._last is not None or self._is_leaving:
            self.replace()
            self.answer(call, Response(200, body, allowance=allowance))
            return
        started.clear()
        if not transport.is_closing():
            transport.write(self._writer.write_plain(allowance.lines, body))
        if self.flow.read_paused:
            self._go_on()

    def _go_on(self) -> None:
        """Start what waited for earlier answers to be made and read."""
        started, waiting = self._started, self._waiting
        while waiting and len(started) < self.calls_max and not self.flow.write_paused:
            run = waiting.popleft()
            started.append(run)
            run.start()
        if waiting or started or self.transport.is_closing():
            return
        if self._last_words:
            super().end_with(self._last_words)
        elif self._held is not None:
            held, self._held = self._held, None
            super()._start_asgi_task(*held)
        elif not self.is_in_application():
            self.flow.resume_reading()

    def resume_writing(self) -> None:
        super().resume_writing()
        self._go_on()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        if self._started or self._waiting:
            self._held = (cycle, app)
            self.flow.pause_reading()
        else:
            super()._start_asgi_task(cycle, app)

    # The connection

    def _takes_head(self) -> bool:
        """Tell whether a request may be ours: nothing of the other door is before it."""
        cycle = self.cycle
        return (cycle is None or cycle.response_complete) and not self._is_ending

    def _expects_more(self) -> bool:
        return bool(self._started or self._waiting or self._held) or not self._is_between

    def _end_after(self, run: Run | Express) -> None:
        self._last = run
        self._is_ending = True

    def is_receiving(self) -> bool:
        return not self._is_between

    def is_busy(self) -> bool:
        return bool(self._started or self._waiting) or super().is_busy()

    def end_with(self, answer: bytes) -> None:
        if self._started or self._waiting:
            self._last_words = answer
            self._is_ending = True
            self.flow.pause_reading()
        else:
            super().end_with(answer)

    def eof_received(self) -> bool:  # type: ignore[override]  # asyncio asks for it
        """Keep our half of the connection for the answers that are owed."""
        runs = self._waiting or self._started
        if not runs or self.is_in_application():
            return False
        self._end_after(runs[-1])
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        self._waiting.clear()
        super().connection_lost(exc)

    def sweep_request(self, now: float) -> None:
        if self._is_active:
            self._is_active = False
            self._quiet_since = now
        if self._head is None:
            super().sweep_request(now)
            return
        allowed = asgi_limits.BODY_SECONDS + self._body_bytes / asgi_limits.BYTES_PER_SECOND_MIN
        if now - self._body_since > allowed and not self.is_busy():
            response = core.refused(BodyTooSlow())
            call = Call(self._head, b"", self.address(self._head))
            self.runtime.counting.note(call, None, None, response, now - self._body_since)
            self.end_with(self._writer.write(self._head, response, is_last=True))
