"""A platform in production that was asked, hit and stopped, and all that it has told of that."""

import json
import os
import re
import signal
import socket
import urllib.error
import urllib.request
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from tests import prepared
from tests.mail import post_office
from tests.mail.post_office import PostOffice
from tests.platform import Platform, fact_of, running
from tests.receiver import Receiver, receiving
from tests.waiting import wait_until

CANARY = "CANARY58c1e07b93d2fa64"
TOKEN = f"rg_eyJhbGciOiJIUzI1NiJ9.{CANARY}.{CANARY}"
PAGE, COMMAND, UNWANTED, REFUSED, LINK = (letter * 32 for letter in "abcef")
"""Traces of the requests that are sent."""
SENDER = "d" * 16


@dataclass
class Span:
    name: str
    trace_id: str
    span_id: str
    parent_id: str
    attributes: dict[str, str]


@dataclass
class Told:
    """Its lines, first to last; and its spans, with all the bytes in which they came."""

    text: str
    spans: list[Span]
    sent: bytes
    instance_id: str
    metrics: str
    kept: bytes
    """Its database, every column of every table."""
    handed_out: dict[str, str]
    """Secrets that it made and gave to their owners, by what they are."""

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text.splitlines()]

    def of(self, trace_id: str) -> dict[str, Span]:
        """Give the spans of a trace by their names; the last one of a name."""
        return {span.name: span for span in self.spans if span.trace_id == trace_id}


def story() -> Told:
    """Start it, do all of it, and stop it."""
    office = post_office.found()
    with receiving() as receiver, post_office.is_open(office), prepared.directory() as data_dir:
        with running(
            data_dir,
            ENVIRONMENT="production",
            EMAIL_URL=f"smtp://127.0.0.1:{office.port}",
            ACCOUNT_EMAIL_VERIFICATION="optional",
            SLOW_REQUEST_MS="1",
            SECRET_KEY=CANARY * 3,
            WEB_WORKERS="1",
            TRACING="true",
            TRACING_SAMPLE_PERCENT="0",
            OTEL_EXPORTER_OTLP_ENDPOINT=receiver.url,
            OTEL_BSP_SCHEDULE_DELAY="50",
        ) as platform:
            kit = platform.quickstart()
            _send_traced(platform, kit)
            handed_out = _secrets_of(platform, kit)
            handed_out |= _followed_links(platform, kit["email"], office)
            _send_secrets(platform, kit["instance_id"])
            wait_until(lambda: {PAGE, COMMAND, LINK} <= _traces(receiver), "spans came")
            _kill_web_worker(platform)
            metrics = _text_of(f"{platform.url}/metrics")
            platform.stop()
        kept = b"".join(file.read_bytes() for file in data_dir.glob("redisgate.sqlite3*"))
        bodies = [body for _, body in receiver.taken]
        text = platform.log.read_text()
    spans, sent = list(_spans(bodies)), b"".join(bodies)
    return Told(text, spans, sent, kit["instance_id"], metrics, kept, handed_out)


def _secrets_of(platform: Platform, kit: dict[str, str]) -> dict[str, str]:
    """Have it make one of each kind, also by calls whose answers it remembers."""
    who = json.dumps({"email": kit["email"], "password": kit["password"]})
    tokens = json.loads(_text_of(f"{platform.url}/auth/login", who, _JSON))
    bearer = {"Authorization": f"Bearer {tokens['access']}"} | _JSON
    keys = f"{platform.url}/api/organizations/{kit['organization_id']}"
    role = json.dumps({"name": "told", "role": "viewer"})
    scopes = json.dumps({"name": "told", "scopes": ["read"]})
    once, also = (bearer | {"Idempotency-Key": name} for name in ("once", "also-once"))
    return {
        "password": kit["password"],
        "API key of quickstart": kit["token"],
        "access token": tokens["access"],
        "refresh token": tokens["refresh"],
        "management key": json.loads(_text_of(f"{keys}/management-keys", role, once))["key"],
        "API key": json.loads(_text_of(f"{keys}/api-keys", scopes, also))["key"],
    }


def _followed_links(platform: Platform, email: str, office: PostOffice) -> dict[str, str]:
    """Have it mail one of each kind, and follow them, also where no page takes what is sent."""
    fresh = json.dumps({"email": "fresh@example.com", "username": "fresh", "password": CANARY})
    _text_of(f"{platform.url}/auth/register", fresh, _JSON)
    csrf = "c" * 32
    form = {"Cookie": f"csrftoken={csrf}", "X-CSRFToken": csrf}
    _text_of(f"{platform.url}/accounts/password/reset/", urlencode({"email": email}), form)
    keys: dict[str, str] = {}
    for kind in ("confirm-email", "password/reset/key"):
        link = _mailed_link(office, platform.url, kind)
        assert _ask(link, None, _trace(LINK)) == 200
        assert _ask(link, "", _trace(LINK)) == 403  # nobody made a token for this form
        keys[f"key of {kind}"] = link.rstrip("/").rpartition("/")[2]
    return keys


def _mailed_link(office: PostOffice, url: str, kind: str) -> str:
    """Wait for it: the worker mails."""
    found: list[str] = []

    def has_come() -> bool:
        words = "".join(map(post_office.text_of, list(office.letters)))
        found[:] = re.findall(rf"{re.escape(url)}/accounts/{kind}/\S+", words)
        return bool(found)

    wait_until(has_come, f"mail with {kind}")
    return found[0]


def _text_of(url: str, body: str | None = None, headers: dict[str, str] | None = None) -> str:
    request = urllib.request.Request(url, None if body is None else body.encode(), headers or {})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return str(answer.read().decode())


def _send_traced(platform: Platform, kit: dict[str, str]) -> None:
    """Log in, be refused, set a key, and set one that nobody wants to know of."""
    who = {"email": kit["email"], "password": kit["password"]}
    _ask(f"{platform.url}/auth/login", json.dumps(who), _trace(PAGE) | _JSON)
    _ask(f"{platform.url}/auth/me", None, _trace(REFUSED, flags="00"))
    bearer = {"Authorization": f"Bearer {kit['token']}"}
    address = f"{platform.url}/redis/{kit['instance_id']}"
    body = json.dumps(["SET", f"{CANARY}:key", CANARY])
    assert _ask(address, body, bearer | _trace(COMMAND)) == 200
    assert _ask(address, body, bearer | _trace(UNWANTED, flags="00")) == 200


def _send_secrets(platform: Platform, instance_id: str) -> None:
    """Put them wherever a request may have one, and get it refused."""
    url, address = platform.url, f"{platform.url}/redis/{instance_id}"
    everywhere = {
        "Authorization": f"Bearer {TOKEN}",
        "Cookie": f"sessionid={CANARY}; other={CANARY}",
        "X-Api-Key": CANARY,
    }
    for place in (address, f"{url}/nowhere", f"{url}/api/organizations", f"{url}/auth/me"):
        _ask(f"{place}?_token={TOKEN}&password={CANARY}", None, everywhere)
        _ask(f"{place}?_token={TOKEN}", f'{{"password": "{CANARY}"', everywhere | _JSON)
    _ask(f"{url}/", None, {**everywhere, "Host": "evil.example"})
    with socket.create_connection(("127.0.0.1", int(platform.environment["PORT"]))) as wire:
        wire.sendall(f"NONSENSE {CANARY}\r\n\r\n".encode())
        while wire.recv(4096):
            pass


def _kill_web_worker(platform: Platform) -> None:
    """Kill it, and wait until its master has said so and another one serves."""
    (master,) = [pid for pid in _children(platform.pid) if b"\0web\0" in fact_of(pid, "cmdline")]
    os.kill(_children(master)[0], signal.SIGKILL)
    wait_until(lambda: "SIGKILL" in platform.log.read_text(), log=platform.log)
    wait_until(platform.is_ready, log=platform.log)


def _children(pid: int) -> list[int]:
    return [int(child) for child in fact_of(pid, f"task/{pid}/children").split()]


_JSON = {"Content-Type": "application/json"}


def _trace(trace_id: str, flags: str = "01") -> dict[str, str]:
    return {"traceparent": f"00-{trace_id}-{SENDER}-{flags}"}


def _ask(url: str, body: str | None, headers: dict[str, str]) -> int:
    data = None if body is None else body.encode()
    request = urllib.request.Request(url, data, headers)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code


def _traces(receiver: Receiver) -> set[str]:
    """Give the traces whose first span came: it ends last."""
    spans = _spans(body for _, body in list(receiver.taken))
    return {span.trace_id for span in spans if span.parent_id == SENDER}


def _spans(bodies: Iterable[bytes]) -> Iterable[Span]:
    for body in bodies:
        for of_process in ExportTraceServiceRequest.FromString(body).resource_spans:
            for of_library in of_process.scope_spans:
                yield from map(_span, of_library.spans)


def _span(sent: Any) -> Span:
    about = {it.key: it.value.string_value or str(it.value.int_value) for it in sent.attributes}
    ids = sent.trace_id.hex(), sent.span_id.hex(), sent.parent_span_id.hex()
    return Span(sent.name, *ids, about)
