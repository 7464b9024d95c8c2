"""The command API, with whatever its description allows and more, over real sockets."""

from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
import schemathesis
from hypothesis import strategies as st

from redisgate.openapi.description import description
from tests.api import fuzzing
from tests.e2e.conftest import Ready

pytestmark = pytest.mark.e2e

DEADLINE_SECONDS = 30
COMMANDS = (
    *("APPEND", "BITFIELD", "CLIENT", "CONFIG", "DUMP", "ECHO", "EVAL", "EXEC", "EXPIRE", "GET"),
    *("GETRANGE", "HELLO", "HSET", "INCRBYFLOAT", "LPUSH", "MULTI", "OBJECT", "PING", "QUIT"),
    *("SCAN", "SET", "SETRANGE", "SUBSCRIBE", "XADD", "XREAD", "ZADD", "\u00dc", ""),
)
"""No made-up word is a command; so some are put in front of what is made up."""


def test_no_request_breaks_the_command_api(ready: Ready) -> None:
    url = urlsplit(ready.url)
    schema = schemathesis.openapi.from_dict(description()).include(path_regex="^/redis")
    schema.config.update(base_url=f"{url.scheme}://{url.netloc}")
    headers = {"Authorization": f"Bearer {ready.token}"}

    def send(case: Any, is_there: bool, word: str) -> None:
        if is_there:
            case.path_parameters = {**case.path_parameters, "instance": ready.instance_id}
        case.body = spoken(case.body, word)
        if "subscribe" in case.path:
            listen(case, headers)
        else:
            answer = case.call(headers=headers, timeout=DEADLINE_SECONDS)
            case.validate_response(answer, checks=fuzzing.CHECKS)

    words = {"is_there": st.booleans(), "word": st.sampled_from(COMMANDS)}
    failures = [
        text
        for operation in fuzzing.operations(schema)
        for text in fuzzing.failures(operation, send, **words)
    ]
    assert not failures, "\n\n".join(failures)
    assert requests.post(ready.url, json=["ECHO", "right"], headers=headers, timeout=5).json() == {
        "result": "right"
    }


def spoken(body: Any, word: str) -> Any:
    """Put a command's name in front of made-up arguments."""
    if isinstance(body, list) and body and word:
        inner = [spoken(each, word) for each in body]
        return inner if any(isinstance(each, list) for each in body) else [word, *body]
    return body


def listen(case: Any, headers: dict[str, str]) -> None:
    """Hang up as soon as a stream has begun; its events never end."""
    request = case.as_transport_kwargs(headers=headers)
    with requests.request(**request, stream=True, timeout=DEADLINE_SECONDS) as answer:
        described = case.operation.definition.raw["responses"][str(answer.status_code)]["content"]
        assert answer.headers["Content-Type"].partition(";")[0] in described
