"""What a key's scope lets through on a real server, command by command."""

import subprocess
from collections.abc import Iterator

import pytest
import redis

from instances.acl import Scope
from instances.provisioners.admin_connection import AdminConnection, Reply, ServerError, words
from instances.spec import InstanceSpec, Persistence
from tests.instances.provisioners.contract import DEFAULT_PASSWORD, key_user, make_spec
from tests.instances.provisioners.machine import Machine

USERS = {
    "read": key_user("rg_read", "rg_read", Scope.READ),
    "write": key_user("rg_write", "rg_write", Scope.WRITE),
    "admin": key_user("rg_admin", "rg_admin", Scope.ADMIN),
    "read app:*": key_user("rg_read_app", "rg_read_app", Scope.READ, patterns=("app:*",)),
    "write app:*": key_user("rg_write_app", "rg_write_app", Scope.WRITE, patterns=("app:*",)),
    "admin app:*": key_user("rg_admin_app", "rg_admin_app", Scope.ADMIN, patterns=("app:*",)),
}

CONNECTION = [
    "PING", "ECHO hi", "SELECT 0", "CLIENT SETINFO LIB-NAME x", "CLIENT SETNAME x", "CLIENT ID",
    "CLIENT INFO", "CLIENT GETNAME", "CLIENT NO-TOUCH ON", "COMMAND COUNT", "COMMAND DOCS get",
    "HELLO 2", "TIME", "INFO", "DBSIZE",
]  # fmt: skip
READS = [
    "GET app:k", "MGET app:k app:s", "HGETALL app:h", "LRANGE app:l 0 -1", "SMEMBERS app:u",
    "ZRANGE app:z 0 -1", "TTL app:k", "EXISTS app:k", "TYPE app:k", "STRLEN app:k",
    "XREAD COUNT 1 STREAMS app:x 0", "MEMORY USAGE app:k", "OBJECT ENCODING app:k",
    "WATCH app:k", "UNWATCH", "EVAL_RO return(redis.call('GET',KEYS[1])) 1 app:k",
]  # fmt: skip
WRITES = [
    "SET app:k v", "DEL app:none", "INCR app:n", "GETEX app:k", "GETDEL app:none", "EXPIRE app:n 9",
    "LPUSH app:l 1", "HSET app:h f v", "ZADD app:z 1 m", "SADD app:u m", "XADD app:x * a b",
    "COPY app:k app:k2 REPLACE", "SORT app:l STORE app:l2", "GEOADD app:g 1 2 m",
    "BITFIELD app:b SET u8 0 1", "PFADD app:p x", "XGROUP CREATE app:x g $",
    "EVAL return(redis.call('SET',KEYS[1],1)) 1 app:k", "SETRANGE app:k 0 x",
]  # fmt: skip
WHOLE = [
    "KEYS *", "SCAN 0", "RANDOMKEY", "FUNCTION LIST", "SCRIPT FLUSH", "PUBSUB CHANNELS",
    "CLIENT TRACKING ON BCAST", "CLIENT TRACKING OFF",
]  # fmt: skip
ADMINISTRATION = [
    "CONFIG GET maxmemory", "SLOWLOG GET", "LATENCY LATEST", "CLIENT LIST", "MEMORY DOCTOR",
    "BGREWRITEAOF", "LASTSAVE", "ROLE", "SWAPDB 0 1", "CLIENT UNBLOCK 999999",
]  # fmt: skip
FORBIDDEN = [
    "SHUTDOWN NOSAVE", "REPLICAOF 127.0.0.1 1", "SLAVEOF 127.0.0.1 1", "FAILOVER", "MODULE LIST",
    "MODULE LOAD /x.so", "DEBUG SLEEP 0", "MIGRATE 127.0.0.1 1 k 0 1", "ACL SETUSER x on",
    "ACL DELUSER rg_read", "ACL LIST", "ACL GETUSER rg-admin", "ACL USERS", "ACL LOAD", "ACL SAVE",
    "ACL LOG", "ACL DRYRUN default GET a", "CONFIG SET maxmemory 0", "CONFIG REWRITE",
    "CONFIG RESETSTAT", "SYNC", "PSYNC ? -1", "REPLCONF x y", "CLUSTER INFO", "CLIENT PAUSE 1",
    "CLIENT NO-EVICT ON", "SCRIPT DEBUG YES", "PFDEBUG ENCODING app:k", "RESTORE-ASKING a 0 x",
]  # fmt: skip
OUTSIDE = ["GET other", "EXISTS app:k other", "MGET app:k other", "TYPE other"]
OUTSIDE_WRITES = [
    "SET other v", "DEL app:k other", "RENAME app:k other", "COPY app:k other",
    "SORT app:l STORE x", "EVAL return(redis.call('SET','other',1)) 0",
    "EVAL return(redis.call('GET','other')) 0", "LMOVE app:l other LEFT LEFT",
]  # fmt: skip
WIPES = ["FLUSHALL", "FLUSHDB"]

ALLOWED: list[tuple[str, list[str]]] = [
    ("read", CONNECTION + READS + OUTSIDE),
    ("write", CONNECTION + READS + WRITES + WHOLE + OUTSIDE),
    ("admin", CONNECTION + READS + WRITES + WHOLE + ADMINISTRATION + OUTSIDE),
    ("read app:*", CONNECTION + READS),
    ("write app:*", CONNECTION + READS + WRITES),
    ("admin app:*", CONNECTION + READS + WRITES),
]
REFUSED: list[tuple[str, list[str]]] = [
    ("read", WRITES + ADMINISTRATION + FORBIDDEN + WIPES + ["KEYS *", "SCAN 0", "SUBSCRIBE c"]),
    ("write", ADMINISTRATION + FORBIDDEN + ["RESTORE a 0 x", "MONITOR"]),
    ("admin", FORBIDDEN),
    ("read app:*", WRITES + OUTSIDE + OUTSIDE_WRITES + ADMINISTRATION + FORBIDDEN + WHOLE + WIPES),
    ("write app:*", OUTSIDE + OUTSIDE_WRITES + ADMINISTRATION + FORBIDDEN + WHOLE + WIPES),
    ("admin app:*", OUTSIDE + OUTSIDE_WRITES + ADMINISTRATION + FORBIDDEN + WHOLE + WIPES),
]


@pytest.fixture(scope="module")
def machine() -> Iterator[Machine]:
    with Machine.open() as machine:
        yield machine


@pytest.fixture(scope="module")
def spec(machine: Machine) -> InstanceSpec:
    spec = make_spec(Persistence.AOF, *USERS.values())
    machine.provisioner().start(spec, {})
    return spec


@pytest.fixture(autouse=True)
def keys(machine: Machine, spec: InstanceSpec) -> None:
    with machine.client(spec, "rg-admin", spec.admin_password) as client:
        client.flushall()
        client.mset({"app:k": "v", "app:s": "v", "other": "v"})
        client.rpush("app:l", 1, 2)
        client.xadd("app:x", {"a": "b"})


def answer(machine: Machine, spec: InstanceSpec, who: str, command: str) -> str:
    """Run the command as this user and return the server's error, or nothing."""
    user = USERS[who].name
    arguments = command.replace("return(", "return\t(").split(" ")
    with AdminConnection(machine.paths(spec).socket, "", timeout_seconds=5) as connection:
        login, reply = connection.pipeline(("AUTH", user, user), tuple(arguments))
    assert login == "OK"
    return str(reply) if isinstance(reply, ServerError) else ""


def is_refusal(text: str) -> bool:
    return "NOPERM" in text or "ACL failure in script" in text or "command not allowed." in text


@pytest.mark.parametrize(("who", "commands"), ALLOWED, ids=[who for who, _ in ALLOWED])
def test_scope_allows(machine: Machine, spec: InstanceSpec, who: str, commands: list[str]) -> None:
    answers = {command: answer(machine, spec, who, command) for command in commands}
    assert {command: text for command, text in answers.items() if text} == {}


@pytest.mark.parametrize(("who", "commands"), REFUSED, ids=[who for who, _ in REFUSED])
def test_scope_refuses(machine: Machine, spec: InstanceSpec, who: str, commands: list[str]) -> None:
    answers = {command: answer(machine, spec, who, command) for command in commands}
    assert {command: text for command, text in answers.items() if not is_refusal(text)} == {}


def commands_with(connection: AdminConnection, flags: set[str]) -> list[tuple[str, ...]]:
    """List every command of the server that has one of the flags, with arguments to fill it."""
    found = []
    for name, arity, has_flags in listed(connection.call("COMMAND")):
        if flags & has_flags:
            words = name.split("|")
            found.append((*words, *["x"] * (abs(arity) - len(words))))
    return found


def listed(reply: Reply) -> Iterator[tuple[str, int, set[str]]]:
    """Read COMMAND's reply, subcommands included."""
    assert isinstance(reply, list)
    for entry in reply:
        assert isinstance(entry, list)
        name, arity, flags, subcommands = entry[0], entry[1], entry[2], entry[9]
        assert isinstance(arity, int)
        yield str(name), arity, set(words(flags))
        yield from listed(subcommands)


@pytest.mark.parametrize(("who", "flags"), [("read", {"write", "admin"}), ("write", {"admin"})])
def test_no_command_of_the_server_slips_through(
    machine: Machine, spec: InstanceSpec, who: str, flags: set[str]
) -> None:
    with AdminConnection(
        machine.paths(spec).socket, spec.admin_password, timeout_seconds=5
    ) as connection:
        connection.log_in()
        commands = commands_with(connection, flags)
        answers = connection.pipeline(
            *(("ACL", "DRYRUN", USERS[who].name, *command) for command in commands)
        )
    let_through = [command for command, said in zip(commands, answers, strict=True) if said == "OK"]
    assert ("acl", "setuser", "x") in commands
    assert let_through == []


@pytest.mark.parametrize("script", ["redis.call('SET', 'a', 1)", "redis.pcall('DEL', 'app:k')"])
def test_read_key_cannot_write_inside_a_script(
    machine: Machine, spec: InstanceSpec, script: str
) -> None:
    with AdminConnection(machine.paths(spec).socket, "", timeout_seconds=5) as connection:
        replies = connection.pipeline(
            ("AUTH", "rg_read", "rg_read"), ("EVAL_RO", f"return {script}", "0"), ("GET", "app:k")
        )
    assert isinstance(replies[1], ServerError)
    assert replies[2] == "v"


def test_function_of_another_key_gives_no_more_rights(machine: Machine, spec: InstanceSpec) -> None:
    library = (
        "#!lua name=lib\nredis.register_function('grab', "
        "function() return redis.call('GET', 'other') end)"
    )
    with AdminConnection(
        machine.paths(spec).socket, spec.admin_password, timeout_seconds=5
    ) as connection:
        connection.log_in()
        connection.call("FUNCTION", "LOAD", "REPLACE", library)
    assert is_refusal(answer(machine, spec, "write app:*", "FCALL grab 0"))


@pytest.mark.parametrize("command", ["ACL SETUSER x on", "CONFIG SET dir /", "SHUTDOWN", "MONITOR"])
def test_default_user_is_no_administrator(
    machine: Machine, spec: InstanceSpec, command: str
) -> None:
    with AdminConnection(machine.paths(spec).socket, "", timeout_seconds=5) as connection:
        replies = connection.pipeline(
            ("AUTH", DEFAULT_PASSWORD), ("SET", "k", "v"), tuple(command.split())
        )
    assert replies[:2] == ["OK", "OK"]
    assert is_refusal(str(replies[2]))


@pytest.mark.parametrize("who", list(USERS))
@pytest.mark.parametrize("protocol", [2, 3])
def test_native_client_works_with_nothing_but_the_url(
    spec: InstanceSpec, who: str, protocol: int
) -> None:
    user = USERS[who].name
    url = f"redis://{user}:{user}@127.0.0.1:{spec.port}/0?protocol={protocol}"
    with redis.Redis.from_url(url, decode_responses=True) as client:
        assert client.ping()
        assert client.get("app:k") == "v"
        with client.pipeline() as transaction:
            assert transaction.get("app:k").get("app:s").execute() == ["v", "v"]


@pytest.mark.parametrize("who", list(USERS))
def test_redis_cli_works_with_the_key(spec: InstanceSpec, who: str) -> None:
    user = USERS[who].name
    done = subprocess.run(
        ["redis-cli", "-p", str(spec.port), "--user", user, "--pass", user, "--no-auth-warning"],
        input="GET app:k\n",
        capture_output=True,
        text=True,
        timeout=10,
        check=True,
    )
    assert (done.stdout, done.stderr) == ("v\n", "")


def test_connection_that_resets_is_nobody(machine: Machine, spec: InstanceSpec) -> None:
    with AdminConnection(
        machine.paths(spec).socket, spec.admin_password, timeout_seconds=5
    ) as connection:
        connection.log_in()
        replies = connection.pipeline(("RESET",), ("GET", "app:k"))
    assert str(replies[1]).startswith("NOAUTH")


@pytest.mark.parametrize(
    ("who", "channel", "may"),
    [("write", "news", True), ("write app:*", "app:news", True), ("write app:*", "news", False)],
)
def test_channels_follow_the_patterns(
    machine: Machine, spec: InstanceSpec, who: str, channel: str, may: bool
) -> None:
    assert is_refusal(answer(machine, spec, who, f"SUBSCRIBE {channel}")) is not may
    assert is_refusal(answer(machine, spec, who, f"PUBLISH {channel} hi")) is not may
