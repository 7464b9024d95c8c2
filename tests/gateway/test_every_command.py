"""Every command that the server has, through both doors, in every form, by keys of each scope.

What may run is said by the server itself (ACL DRYRUN) and by one table of what the gateway keeps
from a connection that others share.
"""

import asyncio
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio

from tests.gateway.doors import ADMIN, OPERATOR, READER, USERS, WRITER, Door, door, port
from tests.gateway.forms import FORMS, results
from tests.gateway.parts import Server

__all__ = ["door", "port"]

pytestmark = pytest.mark.asyncio(loop_scope="module")

KEPT_FROM_SHARED_CONNECTIONS = {
    "auth", "hello", "select", "quit", "reset", "asking", "readonly", "readwrite", "multi",
    "exec", "discard", "watch", "unwatch", "subscribe", "psubscribe", "ssubscribe",
    "unsubscribe", "punsubscribe", "sunsubscribe", "monitor", "sync", "psync", "replconf",
    "script|debug", "blpop", "brpop", "blmove", "brpoplpush", "blmpop", "bzpopmin",
    "bzpopmax", "bzmpop", "wait", "waitaof",
}  # fmt: skip
# Whatever a later server adds to CLIENT belongs to the connection until somebody has looked.
CLIENT_SUBCOMMANDS_OFFERED = {
    "getname", "getredir", "help", "id", "info", "kill", "list", "trackinginfo", "unblock",
    "unpause",
}  # fmt: skip
ALLOWED, REFUSED, KEPT = "allowed", "refused by the server", "kept by the gateway"
Verdicts = dict[str, str]
"""By the name of the command."""

BLOCKING_BY_OPTION = {"xread", "xreadgroup"}
STREAMS_BY_PATH = {"subscribe", "psubscribe", "monitor"}

each_scope = pytest.mark.parametrize("token", [READER, WRITER, OPERATOR])


@dataclass(frozen=True)
class Known:
    """A command as the server describes it."""

    name: str
    words: list[str]
    is_barred_from_transactions: bool
    is_blocking: bool

    @property
    def is_kept(self) -> bool:
        parent, _, child = self.name.partition("|")
        if parent == "client":
            return child not in CLIENT_SUBCOMMANDS_OFFERED
        return self.name in KEPT_FROM_SHARED_CONNECTIONS


@pytest_asyncio.fixture(loop_scope="module")
async def commands(door: Door) -> list[Known]:
    names = (await door.command("COMMAND", "LIST", token=ADMIN)).json
    assert isinstance(names, dict)
    described = (await door.command("COMMAND", "INFO", *names["result"], token=ADMIN)).json
    assert isinstance(described, dict)
    return [_known(*entry[:3]) for entry in described["result"] if not entry[9]]


def _known(name: str, arity: int, flags: list[str]) -> Known:
    words = name.split("|")
    words += ["1"] * (abs(arity) - len(words))
    return Known(name, words, "no_multi" in flags, "blocking" in flags)


def allowed_by(server: Server, user: str, commands: list[Known]) -> set[str]:
    """Ask the server what the user may run."""
    questions: Any = server.admin().pipeline(transaction=False)
    for command in commands:
        questions.execute_command("ACL", "DRYRUN", user, *command.words)
    answers = questions.execute()
    assert all(said == b"OK" or b"has no permissions to run" in said for said in answers)
    pairs = zip(commands, answers, strict=True)
    return {command.name for command, said in pairs if said == b"OK"}


def expected(server: Server, user: str, commands: list[Known], *, in_transaction: bool) -> Verdicts:
    allowed = allowed_by(server, user, commands)

    def of(command: Known) -> str:
        if command.is_kept:
            return KEPT
        is_barred = in_transaction and command.is_barred_from_transactions
        return ALLOWED if command.name in allowed and not is_barred else REFUSED

    return {command.name: of(command) for command in commands}


def verdict(error: str, *, in_transaction: bool) -> str:
    if error.startswith("ERR Command is not available"):
        return KEPT
    # A command that was not even queued; its arity is right, so it was the ACL.
    is_refused = error.startswith("EXECABORT" if in_transaction else "NOPERM")
    # What the server's own configuration forbids is refused before the ACL is asked.
    if is_refused or "command not allowed. If the enable-" in error:
        return REFUSED
    return ALLOWED


def check(found: Verdicts, wanted: Verdicts) -> None:
    surprises = {
        name: f"{found[name]} instead of {wanted[name]}"
        for name in wanted
        if found[name] != wanted[name]
    }
    assert surprises == {}
    assert set(found.values()) == {ALLOWED, REFUSED, KEPT}
    assert len(found) > 350


@each_scope
@pytest.mark.parametrize("name", ["body", "path", "transaction"])
async def test_every_command_is_allowed_or_refused_as_the_server_would(
    door: Door, server: Server, commands: list[Known], token: str, name: str
) -> None:
    form, in_transaction = FORMS[name], name == "transaction"
    if name == "path":
        commands = [command for command in commands if command.name not in STREAMS_BY_PATH]
    wanted = expected(server, USERS[token], commands, in_transaction=in_transaction)
    # All on one connection, and whatever comes after a refusal must be its own answer.
    nonces = {name: uuid4().hex for name in wanted if wanted[name] != ALLOWED}

    def written(command: Known) -> bytes:
        request = form.request(door, command.words, token)
        nonce = nonces.get(command.name)
        return request + door.posted("", ["ECHO", nonce], token=token) if nonce else request

    found: Verdicts = {}
    async with door.wire() as wire:
        sending = asyncio.create_task(wire.send(*map(written, commands)))
        for name in wanted:
            error = form.error(await wire.answer())
            found[name] = verdict(error, in_transaction=in_transaction)
            if name in nonces:
                assert (await wire.answer()).json == {"result": nonces[name]}, name
        await sending
    check(found, wanted)


@each_scope
async def test_all_commands_in_one_pipeline_keep_their_places(
    door: Door, server: Server, commands: list[Known], token: str
) -> None:
    wanted = expected(server, USERS[token], commands, in_transaction=False)
    nonces = [uuid4().hex for _ in commands]
    pairs = zip(commands, nonces, strict=True)
    body = [words for command, nonce in pairs for words in (command.words, ["ECHO", nonce])]
    answers = results(await door.post("/pipeline", body, token))
    assert answers[1::2] == [{"result": nonce} for nonce in nonces]
    errors = [answer.get("error") or "" for answer in answers[::2]]
    found = [verdict(error, in_transaction=False) for error in errors]
    check(dict(zip(wanted, found, strict=True)), wanted)


async def test_nothing_that_blocks_is_forgotten(commands: list[Known]) -> None:
    blocking = {command.name for command in commands if command.is_blocking}
    assert blocking - KEPT_FROM_SHARED_CONNECTIONS == BLOCKING_BY_OPTION


async def test_the_table_names_no_command_that_does_not_exist(commands: list[Known]) -> None:
    names = {command.name for command in commands}
    assert KEPT_FROM_SHARED_CONNECTIONS - names == set()
