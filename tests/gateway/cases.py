"""The hard inputs as data: usable against the core and against a running server alike.

``status`` is what must come back; ``result`` and ``error`` are compared where they are given,
``error`` as a beginning. A case runs on an empty server with a key of write scope.
"""

import hashlib
from dataclasses import dataclass, field

import orjson

ANY = object()


@dataclass(frozen=True, kw_only=True)
class Case:
    """One request and what must be answered. ``path`` comes after the instance's URL."""

    name: str
    body: bytes = b""
    path: str = ""
    method: str = "POST"
    status: int = 400
    answer: object = ANY
    error: str = ""
    encoding: str = ""
    before: list[list[str]] = field(default_factory=list)
    """Commands that prepare the data."""


def post(name: str, body: object, **rest: object) -> Case:
    raw = body if isinstance(body, bytes) else orjson.dumps(body)
    return Case(name=name, body=raw, **rest)  # type: ignore[arg-type]


def get(path: str, **rest: object) -> Case:
    return Case(name=f"GET {path}", method="GET", path=path, **rest)  # type: ignore[arg-type]


def ok(result: object) -> dict[str, object]:
    return {"status": 200, "answer": {"result": result}}


def batch(*results: object) -> dict[str, object]:
    return {"status": 200, "answer": [{"result": result} for result in results]}


MALFORMED = [
    post("empty body", b"", error="ERR malformed JSON"),
    post("null", None, error="ERR the body must be"),
    post("empty object", {}, error="ERR the body must be"),
    post("a string", "PING", error="ERR the body must be"),
    post("empty array", [], error="ERR empty command"),
    post("empty pipeline", [], path="/pipeline", error="ERR empty pipeline"),
    post("pipeline of nothing", [[]], path="/pipeline", error="ERR command 1"),
    post("transaction of nothing", [[]], path="/multi-exec", error="ERR command 1"),
    post("pipeline of strings", ["PING"], path="/pipeline", error="ERR command 1"),
    post("pipeline of an object", {"a": 1}, path="/pipeline", error="ERR the body must be"),
    post("too many commands", [["PING"]] * 1001, path="/pipeline", error="ERR too many commands"),
    get("", error="ERR empty command"),
    get("/", error="ERR empty command"),
    post("object with a command", {"command": ["ECHO", "x"]}, **ok("x")),
    post("object with numbers", {"command": ["ECHO", 1]}, **ok("1")),
]

ARGUMENTS = [
    post("null argument", ["GET", None], error="ERR argument 1 is null"),
    post("object argument", ["GET", {"a": 1}], error="ERR argument 1 is an object"),
    post("array argument", ["GET", ["a"]], error="ERR argument 1 is an array"),
    post("true", ["ECHO", True], **ok("true")),
    post("false", ["ECHO", False], **ok("false")),
    post("empty string", ["ECHO", ""], **ok("")),
    post("null in a pipeline", [["GET", None]], path="/pipeline", error="ERR argument 1 of"),
    post("1e400", b'["ECHO", 1e400]', **ok("1e400")),
    post("1e+21", b'["ECHO", 1e+21]', **ok("1e+21")),
    post("-0", b'["ECHO", -0]', **ok("-0")),
    post("2^63", b'["ECHO", 9223372036854775808]', **ok("9223372036854775808")),
    post("twenty-one digits", b'["ECHO", 123456789012345678901]', **ok("123456789012345678901")),
    post("0.1", b'["ECHO", 0.1]', **ok("0.1")),
    post("numbers in a pipeline", b'[["ECHO", 1.0]]', path="/pipeline", **batch("1.0")),
    post("NaN", b'["ECHO", NaN]', error="ERR malformed JSON"),
    post("-Infinity", b'["ECHO", -Infinity]', error="ERR malformed JSON"),
]

TEXTS = [
    post("100,000 deep", b"[" * 100_000 + b"]" * 100_000, error="ERR malformed JSON"),
    post("deep argument", b'["GET",' + b"[" * 300 + b"]" * 301, error="ERR argument 1 is an"),
    post("10 MB of [", b"[" * 10 * 1024 * 1024, error="ERR malformed JSON"),
    post("10 MB and one byte", b" " * (10 * 1024 * 1024 + 1), status=413, error="ERR max request"),
    post("duplicate keys", b'{"command":["GET"],"command":["ECHO","x"]}', **ok("x")),
    post("BOM", b'\xef\xbb\xbf["PING"]', error="ERR malformed JSON"),
    post("UTF-16", '["PING"]'.encode("utf-16"), error="ERR the body is not UTF-8"),
    post("UTF-16 without BOM", '["PING"]'.encode("utf-16-le"), error="ERR malformed JSON"),
    post("Latin-1", b'["ECHO","\xe9"]', error="ERR the body is not UTF-8"),
    post("lone surrogate", b'["ECHO","\\ud800"]', error="ERR argument 1 holds half"),
    post("surrogate pair", b'["ECHO","\\ud83d\\ude00"]', **ok("\U0001f600")),
    post("trailing text", b'["PING"] x', error="ERR malformed JSON"),
]

KEYS = [
    post("NUL", ["ECHO", "a\0b"], **ok("a\0b")),
    post("CR LF", ["ECHO", "a\r\nb"], **ok("a\r\nb")),
    post("RESP inside", ["ECHO", "*1\r\n$8\r\nFLUSHALL\r\n"], **ok("*1\r\n$8\r\nFLUSHALL\r\n")),
    get("/echo/%FF", **ok("\ufffd")),
    get("/echo/%FF", encoding="base64", **ok("/w==")),
    post("raw bytes", b"\xff\x00", path="/echo", encoding="base64", **ok("/wA=")),
    post("JSON as a value", b'{"a":[1]}', path="/echo", **ok('{"a":[1]}')),
]

PATHS = [
    get("/echo/a%2Fb", **ok("a/b")),
    get("/echo/a+b", **ok("a+b")),
    get("/echo/a%20b", **ok("a b")),
    get("/%65cho/a", **ok("a")),
    get("/echo/a/", **ok("a")),
    get("/echo//", **ok("")),
    get("/echo/%zz", **ok("%zz")),
    get("/mget/a//b/", **ok([None, None, None])),
    get("/set/../flushall", **ok("OK")),
    get("/set/a%2Fb//", **ok("OK")),
    get("/set/a//b", error="ERR syntax error"),
    get("/set/a/1?EX=100&NX", **ok("OK")),
    get("/set/a/1?EX=100&_token=writer-token&NX", **ok("OK")),
    get("/echo?a+b", **ok("a b")),
    get("/echo?a%2Bb", **ok("a+b")),
    get("/mget/a?b=&c", **ok([None, None, None, None])),
    get("/pipeline", status=405, error="ERR method GET"),
    get("/multi-exec", status=405, error="ERR method GET"),
    Case(name="DELETE", method="DELETE", path="/get/a", status=405, error="ERR method DELETE"),
    Case(name="PUT /", method="PUT", body=b'["PING"]', status=405, error="ERR method PUT"),
    Case(name="PUT a value", method="PUT", path="/echo", body=b"x", **ok("x")),  # type: ignore[arg-type]
    Case(name="body before query", path="/set/a?EX=9", body=b"1", **ok("OK")),  # type: ignore[arg-type]
    post("a trailing slash", ["ECHO", "x"], path="/", **ok("x")),
    post("pipeline and a slash", [["ECHO", "x"]], path="/pipeline/", **batch("x")),
    Case(name="PUT a stream", method="PUT", path="/monitor", status=405, error="ERR method PUT"),
]

NAMES = [
    post("mixed case", ["GeT", "a"], **ok(None)),
    post("space before", [" GET", "a"], error="ERR unknown command"),
    post("line feed after", ["GET\n", "a"], error="ERR unknown command"),
    post("NUL after", ["GET\0", "a"], error="ERR unknown command"),
    post("NUL after a forbidden one", ["MONITOR\0x"], error="ERR unknown command"),
    post("full width", ["\uff27\uff25\uff34", "a"], error="ERR unknown command"),
    post("two words in one", ["config get", "a"], error="ERR unknown command"),
    post("empty name", [""], error="ERR unknown command"),
    post("unknown", ["NOSUCH", "a"], error="ERR unknown command 'NOSUCH'"),
    post("full name", ["client|reply", "off"], error="ERR unknown command"),
    post("wrong arity", ["GET"], error="ERR wrong number of arguments for 'get' command"),
    post("wrong type", ["LPUSH", "s", "x"], error="WRONGTYPE ", before=[["SET", "s", "1"]]),
    post("denied by the ACL", ["SHUTDOWN"], error="NOPERM "),
    post(
        "script away",
        ["EVALSHA", "0" * 40, "0"],
        answer={"error": "NOSCRIPT No matching script. Please use EVAL."},
    ),
]

FORBIDDEN = [
    ["HELLO", "3"], ["AUTH", "x"], ["RESET"], ["QUIT"], ["SELECT", "1"], ["MULTI"], ["EXEC"],
    ["DISCARD"], ["WATCH", "a"], ["UNWATCH"], ["SUBSCRIBE", "a"], ["PSUBSCRIBE", "a"],
    ["SSUBSCRIBE", "a"], ["UNSUBSCRIBE"], ["PUNSUBSCRIBE"], ["SUNSUBSCRIBE", "a", "b"],
    ["MONITOR"], ["SYNC"], ["PSYNC", "?", "-1"], ["REPLCONF", "ACK", "0"], ["READONLY"],
    ["CLIENT", "REPLY", "OFF"], ["CLIENT", "reply", "SKIP"], ["CLIENT", "REPLY\0", "OFF"],
    ["CLIENT", "TRACKING", "ON"], ["CLIENT", "PAUSE", "1000"], ["CLIENT", "SETNAME", "x"],
    ["CLIENT", "NO-EVICT", "ON"], ["CLIENT", "NO-TOUCH", "ON"], ["SCRIPT", "DEBUG", "YES"],
    ["BLPOP", "k", "0"], ["BRPOP", "k", "0"], ["BLMOVE", "a", "b", "LEFT", "LEFT", "0"],
    ["BRPOPLPUSH", "a", "b", "0"], ["BLMPOP", "0", "1", "k", "LEFT"], ["BZPOPMIN", "k", "0"],
    ["BZPOPMAX", "k", "0"], ["BZMPOP", "0", "1", "k", "MIN"], ["WAIT", "1", "0"],
    ["WAITAOF", "1", "0", "0"], ["XREAD", "BLOCK", "0", "STREAMS", "s", "$"],
    ["XREAD", "COUNT", "1", "block", "0", "STREAMS", "s", "$"],
    ["XREAD", "BLOCK\0z", "0", "STREAMS", "s", "$"],
    ["XREADGROUP", "GROUP", "g", "c", "BLOCK", "0", "STREAMS", "s", ">"],
]  # fmt: skip

SESSION = [
    post(" ".join(spelling), spelling, error="ERR Command is not available")
    for command in FORBIDDEN
    for spelling in (command, [command[0].lower(), *command[1:]])
]

STREAM = [["XADD", "BLOCK", "1-1", "a", "b"], ["XGROUP", "CREATE", "BLOCK", "BLOCK", "0"]]
STREAMS = [
    post("a stream named BLOCK", ["XREAD", "STREAMS", "BLOCK", "0"], before=STREAM, status=200),
    post(
        "a group named BLOCK",
        ["XREADGROUP", "GROUP", "BLOCK", "c", "STREAMS", "BLOCK", ">"],
        before=STREAM,
        status=200,
    ),
]

THOUSAND = [["ECHO", str(n)] for n in range(1000)]


def with_500th(name: str, command: list[str], error: str, **rest: object) -> Case:
    """Make a pipeline of 1,000 whose 500th command alone is refused."""
    commands = [*THOUSAND[:499], command, *THOUSAND[500:]]
    answer = [{"result": str(n)} for n in range(1000)]
    answer[499] = {"error": error}
    return post(name, commands, path="/pipeline", status=200, answer=answer, **rest)


PIPELINES = [
    post("1,000 commands", THOUSAND, path="/pipeline", **batch(*map(str, range(1000)))),
    with_500th(
        "500th of a wrong type",
        ["LPUSH", "s", "x"],
        "WRONGTYPE Operation against a key holding the wrong kind of value",
        before=[["SET", "s", "1"]],
    ),
    with_500th(
        "500th unknown", ["NOSUCH"], "ERR unknown command 'NOSUCH', with args beginning with: "
    ),
    *(
        with_500th(
            f"500th is {command[0]}",
            command,
            f"ERR Command is not available: '{command[0]}'. {way_out}.",
        )
        for command, way_out in (
            (["HELLO", "3"], "There is no session over HTTP: each request brings its own API key"),
            (["AUTH", "x"], "There is no session over HTTP: each request brings its own API key"),
            (["RESET"], "There is no session over HTTP: each request brings its own API key"),
            (["QUIT"], "There is no session over HTTP: each request brings its own API key"),
            (["EXEC"], "Send the commands of a transaction together to /multi-exec"),
        )
    ),
    post("all refused", [["RESET"]], path="/pipeline", status=200),
]

TRANSACTIONS = [
    post("EXEC inside", [["SET", "a", "1"], ["EXEC"]], path="/multi-exec", error="ERR Command is"),
    post("wrong arity", [["SET", "a", "1"], ["GET"]], path="/multi-exec", error="EXECABORT "),
    post("unknown", [["SET", "a", "1"], ["NOSUCH"]], path="/multi-exec", error="EXECABORT "),
    post(
        "run-time error inside",
        [["SET", "a", "1"], ["LPUSH", "a", "x"], ["GET", "a"]],
        path="/multi-exec",
        status=200,
        answer=[
            {"result": "OK"},
            {"error": "WRONGTYPE Operation against a key holding the wrong kind of value"},
            {"result": "1"},
        ],
    ),
    post("1,000 commands", THOUSAND, path="/multi-exec", **batch(*map(str, range(1000)))),
]

SHAPES = [
    post("INCR beyond 53 bits", ["INCR", "n"], before=[["SET", "n", "9007199254740993"]],
         **ok(9007199254740994)),
    post("OK under base64", ["SET", "a", "1"], encoding="base64", **ok("OK")),
    post("array under base64", ["MGET", "a", "b"], before=[["SET", "a", "OK"]], encoding="base64",
         **ok(["T0s=", None])),
    post("integer under base64", ["INCR", "n"], encoding="base64", **ok(1)),
    post("error under base64", ["GET"], encoding="base64", error="ERR wrong number"),
    post("unknown encoding", ["PING"], encoding="rot13", error="ERR unknown Upstash-Encoding"),
    post("flat hash", ["HGETALL", "h"], before=[["HSET", "h", "f", "v"]], **ok(["f", "v"])),
    post("cursor", ["SCAN", "0"], **ok(["0", []])),
    post("double", ["ZSCORE", "z", "m"], before=[["ZADD", "z", "1.5", "m"]], **ok("1.5")),
    post("injection", ["EVAL", "return redis.error_reply('x\\0\\r\\n+INJ')", "0"], error="ERR x"),
    post("session in a script", ["EVAL", "return redis.call('client','reply','off')", "0"],
         error="ERR This Valkey command is not allowed from script"),
    post("RESP3 double", ["EVAL", "redis.setresp(3) return {double=3.5}", "0"], **ok("3.5")),
    post("RESP3 map", ["EVAL", "redis.setresp(3) return {map={a='b'}}", "0"], **ok(["a", "b"])),
    post("boolean", ["EVAL", "return true", "0"], **ok(1)),
    post("errors nested in arrays", ["EVAL", "return {1,redis.error_reply('x')}", "0"],
         **ok([1, {"error": "ERR x"}])),
    post("300 deep", ["EVAL", "local t={} for i=1,300 do t={t} end return t", "0"], status=400,
         error="ERR the command ran"),
]  # fmt: skip

FLAGGED = "#!lua flags=allow-key-locking\nreturn ARGV[1]"
FLAGGED_SHA1 = hashlib.sha1(FLAGGED.encode(), usedforsecurity=False).hexdigest()
WITHTYPE = ["SCAN", "0", "WITHTYPE"]
RESTTOKEN = ["ACL", "RESTTOKEN", "rg_writer", "writer-token"]

DIALECT = [
    post("a script with Upstash's flag", ["EVAL", FLAGGED, "0", "x"], **ok("x")),
    post("the same, loaded", ["SCRIPT", "LOAD", FLAGGED], **ok(FLAGGED_SHA1)),
    post("the same, by its digest", ["EVALSHA", FLAGGED_SHA1, "1", "", "x"],
         before=[["SCRIPT", "LOAD", FLAGGED]], **ok("x")),
    post("no flag of anybody", ["EVAL", "#!lua flags=x\nreturn 1", "0"], error="ERR Unexpected"),
    post("types of nothing", WITHTYPE, **ok(["0", []])),
    post("types", WITHTYPE, before=[["RPUSH", "l", "x"]], **ok(["0", ["l", "list"]])),
    post("types in a pipeline", [["SET", "s", "1"], WITHTYPE, ["DEL", "s"]], path="/pipeline",
         **batch("OK", ["0", ["s", "none"]], 1)),
    post("types under base64", WITHTYPE, before=[["SET", "s", "1"]], encoding="base64",
         **ok(["MA==", ["cw==", "c3RyaW5n"]])),
    post("types in a transaction", [["PING"], WITHTYPE], path="/multi-exec", error="ERR Command"),
    get("/scan/0/withtype", **ok(["0", []])),
    post("a key's own token", RESTTOKEN, **ok("writer-token")),
    post("a token in a pipeline", [RESTTOKEN, ["PING"]], path="/pipeline",
         **batch("writer-token", "PONG")),
    post("another's token", ["ACL", "RESTTOKEN", "rg_reader", "writer-token"],
         error='ERR Wrong password or user "rg_reader" does not exist'),
    post("too few words for a token", ["ACL", "RESTTOKEN", "x"], error="ERR wrong number"),
    post("a token in a transaction", [RESTTOKEN], path="/multi-exec", error="ERR Command is"),
]  # fmt: skip

CASES = [
    *MALFORMED, *ARGUMENTS, *TEXTS, *KEYS, *PATHS, *NAMES, *SESSION, *STREAMS, *PIPELINES,
    *TRANSACTIONS, *SHAPES, *DIALECT,
]  # fmt: skip
