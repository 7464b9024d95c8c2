"""docs/reference/commands.md, asked of the bundled server.

The server says what it has (COMMAND DOCS) and whom it lets run it (ACL DRYRUN, with the rules that
API keys get); the gateway's own policy says what doesn't travel over HTTP, and why.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from gateway import policy
from tests.gateway.parts import running_server

SCOPES = {"read": "rg_reader", "write": "rg_writer", "admin": "rg_operator"}
MARK = "·"
TITLE = """# Commands

Every command of the bundled server ({version}), which keys may run it, and how it goes over HTTP.
An API key of the scope *write* may all that *read* may, *admin* more; key patterns narrow that to
keys that match. An adopted or another server has its own list: `COMMAND DOCS` says it, and
*What may this key do?* on the page of an API key says it for one command. This page is made by asking the server: `make references`.

**over HTTP** is empty where a command can be sent as it is. Natively, with `redis://`, every one can
be used that the key may run.

| | over HTTP |
|---|---|
| {waits} | with `Redisgate-Block`, or in the form that doesn't block: [commands that wait](streams.md#commands-that-wait) |
| {stream} | as server-sent events: `/subscribe/channel`, `/psubscribe/pattern`, `/monitor`: [streams](streams.md) |
| {transaction} | send the commands together to `/multi-exec`: [the command API](command-api.md) |
| {session} | never: each request brings its own API key |
| {native} | never: it needs a connection of its own |
"""
WAYS = {
    policy.NO_BLOCKING: "waits",
    policy.USE_STREAM: "stream",
    policy.USE_MULTI_EXEC: "transaction",
    policy.NO_SESSION: "session",
    policy.NATIVE_ONLY: "native",
}


@dataclass(frozen=True, slots=True)
class Command:
    name: str
    group: str
    summary: str
    scopes: tuple[str, ...]


def render() -> str:
    """Start the bundled server, ask it, and write the page."""
    with running_server() as server:
        client = server.admin()
        version = str(client.info("server")["valkey_version"])
        client.response_callbacks.clear()  # which would give COMMAND another shape
        commands = sorted(_commands(client), key=lambda each: (each.group, each.name))
    lines = [TITLE.format(version=f"Valkey {version}", **{way: way for way in WAYS.values()})]
    group = ""
    for command in commands:
        if command.group != group:
            group = command.group
            lines += [f"\n## {group.replace('-', ' ').capitalize()}\n"]
            lines += [
                "| command | does | read | write | admin | over HTTP |\n|---|---|---|---|---|---|"
            ]
        may = ["yes" if scope in command.scopes else MARK for scope in SCOPES]
        cells = [f"`{command.name}`", command.summary.replace("|", "\\|"), *may, _way(command.name)]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _commands(client: Any) -> Iterator[Command]:
    arities = dict(_arities(_plain(client.execute_command("COMMAND"))))
    docs = _pairs(_plain(client.execute_command("COMMAND", "DOCS")))
    for name, doc in docs.items():
        described = _pairs(doc)
        for full, each in _pairs(described.get("subcommands", [])).items() or [(name, doc)]:
            known = _pairs(each)
            words = full.upper().replace("|", " ")
            scopes = tuple(it for it, user in SCOPES.items() if _may(client, user, full, arities))
            yield Command(words, str(known["group"]), str(known["summary"]).rstrip("."), scopes)


def _arities(entries: Any) -> Iterator[tuple[str, int]]:
    for entry in entries:
        yield entry[0], abs(entry[1])
        yield from _arities(entry[9])


def _may(client: Any, user: str, name: str, arities: dict[str, int]) -> bool:
    """Ask for the shortest call: what it is called with doesn't matter without key patterns."""
    words = name.split("|")
    words += ["1"] * (arities[name] - len(words))
    return bool(_plain(client.execute_command("ACL", "DRYRUN", user, *words)) == "OK")


def _way(name: str) -> str:
    """Say how it goes over HTTP, as the gateway decides it."""
    words = policy.refusal([word.encode() for word in name.split()])
    return next((way for text, way in WAYS.items() if words and text in words), "")


def _plain(reply: Any) -> Any:
    if isinstance(reply, list):
        return [_plain(each) for each in reply]
    return reply.decode() if isinstance(reply, bytes) else reply


def _pairs(flat: Any) -> dict[str, Any]:
    return dict(zip(flat[::2], flat[1::2], strict=True))
