"""Who comes to a real server, and who is turned away."""

import asyncio
import shutil
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
import redis

from instances import witnessing
from instances.acl import Scope
from instances.probe import Aim, probe
from instances.provisioners.admin_connection import AdminConnection
from instances.provisioners.own_traffic import Cost
from instances.spec import Persistence
from instances.witness_words import Told, tell_refusal, tell_visitor
from instances.witnessing import Away, Place, Seen
from redisgate.lib.resp import pack
from tests.instances.provisioners.contract import DEFAULT_PASSWORD, key_user, make_spec
from tests.instances.provisioners.machine import Machine
from tests.waiting import until

KEY_USER, KEY = "rg_0123456789ab", "rg_the-token"
KEYS = {KEY_USER: "deploy"}


@dataclass(frozen=True)
class Server:
    port: int
    place: Place

    def connect(self, user: str, password: str) -> "redis.Redis":
        return redis.Redis(port=self.port, username=user, password=password)

    def cli(self, *words: str, user: str = "default", password: str = DEFAULT_PASSWORD) -> None:
        """Come, say one thing and go."""
        program = shutil.which("redis-cli")
        assert program is not None
        login = ("--user", user, "--pass", password, "--no-auth-warning")
        subprocess.run([program, "-p", str(self.port), *login, *words], check=False, timeout=5)

    def is_watched(self) -> bool:
        with self.admin() as link:
            listed = str(link.call("CLIENT", "LIST"))
        return any("flags=O" in line for line in listed.splitlines())

    @contextmanager
    def admin(self) -> Iterator[AdminConnection]:
        path = Path(self.place.socket_path)
        with AdminConnection(path, self.place.password, timeout_seconds=10) as link:
            link.log_in()
            yield link


@pytest.fixture
def server() -> Iterator[Server]:
    with Machine.open() as machine:
        key = key_user(KEY_USER, KEY, Scope.READ, patterns=("app:*",))
        spec = make_spec(Persistence.NONE, key)
        machine.provisioner().start(spec, {})
        yield Server(spec.port, Place(str(machine.paths(spec).socket), spec.admin_password))


async def for_nothing(cost: Cost) -> None:
    """Take the bill, for those who look at no figures."""


@asynccontextmanager
async def watching(server: Server) -> AsyncIterator[list[Seen]]:
    """Collect what is told, from the moment that the watch has begun."""
    seen: list[Seen] = []

    async def listen() -> None:
        async for each in witnessing.watch(server.place, seconds=10, pay=for_nothing):
            seen.append(each)  # noqa: PERF401  each as it comes

    task = asyncio.create_task(listen())
    try:
        await until(server.is_watched, "somebody watches")
        yield seen
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def told(seen: list[Seen]) -> Told:
    """Wait for what is told first, and put it into words."""
    await until(lambda: seen, "something is told")
    if seen[0].refusals:
        return tell_refusal(seen[0].refusals[0], KEYS)
    return tell_visitor(seen[0].visitors[0], KEYS)


async def come(act: Callable[..., object], *words: str, **more: str) -> None:
    await asyncio.to_thread(act, *words, **more)


async def test_client_that_comes_and_goes_is_seen(server: Server) -> None:
    async with watching(server) as seen:
        await come(server.cli, "SET", "hello", "world")
        said = await told(seen)
    # As which user is known only where it stayed long enough to be looked at.
    assert (
        said.text.replace(" as user default", "") == "Connected from 127.0.0.1. Last command: SET."
    )
    assert seen[0].after_ms is not None
    assert seen[0].after_ms < 1000


async def test_client_says_what_it_is_and_its_key_is_named(server: Server) -> None:
    async with watching(server) as seen:
        with server.connect(KEY_USER, KEY) as client:
            await come(client.get, "app:1")
            said = await told(seen)
    library = f"redis-py {redis.__version__}"
    assert said.text == f"Connected from 127.0.0.1 with {library} as key deploy. Last command: GET."


async def test_whoever_is_there_already_is_told_at_once(server: Server) -> None:
    with server.connect("default", DEFAULT_PASSWORD) as client:
        await come(client.ping)
        told_of = [
            each async for each in witnessing.watch(server.place, seconds=5, pay=for_nothing)
        ]
    assert [visitor.address for visitor in told_of[0].visitors] == ["127.0.0.1"]
    assert len(told_of) == 1


async def test_command_over_http_is_seen(server: Server) -> None:
    async with AsyncExitStack() as stack:
        reader, gateway = await asyncio.open_unix_connection(server.place.socket_path)
        stack.callback(gateway.close)
        gateway.write(pack([("AUTH", KEY_USER, KEY), ("PING",)]))
        assert await reader.readexactly(len(b"+OK\r\n+PONG\r\n"))
        async with watching(server) as seen:
            assert seen == []
            gateway.write(pack([("GET", "app:1")]))
            said = await told(seen)
    assert said.text == "Connected over HTTP with the key deploy."


@pytest.mark.parametrize(
    ("user", "password", "command", "text", "advice"),
    [
        (
            "default",
            "letmein",
            "PING",
            "Somebody at 127.0.0.1 tried the user default with a wrong password",
            "Copy the Redis URL",
        ),
        (KEY_USER, "letmein", "PING", "tried the key deploy with a wrong token", "the whole key"),
        ("rg_ffffffffffff", "x", "PING", "which no key of yours has", "revoked"),
        ("nobody", "x", "PING", "'nobody', whom this server doesn't know", "Use default"),
        (KEY_USER, KEY, "SET app:1 x", "may not run SET as key deploy", "scope"),
        (KEY_USER, KEY, "GET other", "may not touch the key 'other' as key deploy", "patterns"),
    ],
)
async def test_failure_is_told_with_its_cause(
    server: Server, user: str, password: str, command: str, text: str, advice: str
) -> None:
    async with watching(server) as seen:
        await come(server.cli, *command.split(), user=user, password=password)
        await until(lambda: any(each.refusals for each in seen), "a refusal is told")
    refusal = next(each.refusals[0] for each in seen if each.refusals)
    said = tell_refusal(refusal, KEYS)
    assert text in said.text
    assert advice in said.advice
    assert password not in said.text + said.advice or password == "x"


async def test_refused_client_that_stays_is_no_visitor(server: Server) -> None:
    async with watching(server) as seen:
        link = await asyncio.open_connection("127.0.0.1", server.port)
        link[1].write(b"AUTH default wrong\r\nGET hello\r\n")
        await until(lambda: seen, "it is told")
        link[1].close()
    assert seen[0].refusals
    assert not any(each.visitors for each in seen)


async def test_busy_server_is_not_watched_line_by_line(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(witnessing, "BUSY_LINES", 3)
    with server.admin() as busy:
        async with watching(server) as seen:
            for _ in range(10):
                busy.call("PING")
            await until(lambda: not server.is_watched(), "nobody watches any more")
            with server.connect("default", DEFAULT_PASSWORD) as client:
                await come(client.ping)
                await told(seen)


async def test_large_value_is_not_read_from_monitor(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(witnessing, "ANSWER_BYTES", 200_000)
    with server.admin() as busy:
        async with watching(server) as seen:
            busy.call("SET", "large", "x" * 400_000)
            await until(lambda: not server.is_watched(), "nobody watches any more")
            with server.connect("default", DEFAULT_PASSWORD) as client:
                await come(client.ping)
                await told(seen)


async def test_test_of_ours_is_nobody(server: Server) -> None:
    async with watching(server) as seen:
        aim = Aim(host="127.0.0.1", port=server.port, password=DEFAULT_PASSWORD)
        result = await asyncio.to_thread(probe, aim)
        assert result.problem == ""
        await come(server.cli, "GET", "hello")
        said = await told(seen)
    assert "Last command: GET." in said.text


async def test_look_tells_who_is_there_and_who_was_refused(server: Server) -> None:
    await come(server.cli, "PING", password="wrong")
    with server.connect("default", DEFAULT_PASSWORD) as client:
        await come(client.ping)
        seen = await witnessing.look(server.place, since_seconds=60, pay=for_nothing)
    assert [each.address for each in seen.visitors] == ["127.0.0.1"]
    assert [each.reason for each in seen.refusals] == ["auth"]


async def test_server_that_is_away_is_said(tmp_path: Path) -> None:
    with pytest.raises(Away):
        await witnessing.look(
            Place(str(tmp_path / "none.sock"), "x"), since_seconds=1, pay=for_nothing
        )
