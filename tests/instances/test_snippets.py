import json
import shlex

import pytest

from instances import snippets
from instances.snippets import Target

TARGET = Target(
    name="Sessions",
    http_url="https://redis.example.com/redis/7b0f",
    redis_url="redis://YOUR_KEY_USER:YOUR_API_KEY@redis.example.com:20001/0",
)


def code_of(key: str, target: Target = TARGET) -> str:
    return next(each.code for each in snippets.snippets(target) if each.key == key)


def test_every_promised_client_has_a_snippet() -> None:
    labels = {each.label for each in snippets.snippets(TARGET)}
    assert labels == {
        "cURL",
        ".env",
        "@upstash/redis",
        "upstash-redis",
        "redis-cli",
        "redis-py",
        "ioredis",
        "go-redis",
        "Jedis",
    }


@pytest.mark.parametrize("snippet", snippets.snippets(TARGET), ids=lambda each: each.key)
def test_snippet_holds_an_address_and_the_placeholder_of_the_key(
    snippet: snippets.Snippet,
) -> None:
    assert TARGET.http_url in snippet.code or TARGET.redis_url in snippet.code
    assert snippets.API_KEY in snippet.code


def test_curl_sets_and_gets_with_a_bearer_token() -> None:
    first, second = code_of("curl").replace("\\\n", "").split("\n\n")
    header = ["-H", "Authorization: Bearer YOUR_API_KEY"]
    assert shlex.split(first) == ["curl", f"{TARGET.http_url}/set/hello/world", *header]
    assert shlex.split(second) == ["curl", f"{TARGET.http_url}/get/hello", *header]


def test_dotenv_names_the_variables_that_sdks_read() -> None:
    lines = code_of("env").splitlines()
    values = dict(line.split("=", 1) for line in lines if not line.startswith("#"))
    assert {name: json.loads(value) for name, value in values.items()} == {
        "UPSTASH_REDIS_REST_URL": TARGET.http_url,
        "UPSTASH_REDIS_REST_TOKEN": "YOUR_API_KEY",
        "REDIS_URL": TARGET.redis_url,
    }


@pytest.mark.parametrize("name", ["two\nlines\rEVIL=1", "tab\there", "  blanks  ", "Größe 🚀"])
def test_odd_name_stays_on_its_comment_line(name: str) -> None:
    code = code_of("env", Target(name, TARGET.http_url, TARGET.redis_url))
    comments = [line for line in code.splitlines() if line.startswith("#")]
    assert comments == [f"# {' '.join(name.split())}"]
    assert len(code.splitlines()) == 4


def test_odd_address_stays_inside_its_quotes() -> None:
    odd = Target("x", "http://host/'\"; rm -rf ~", "redis://u:p@host:1/0' \"")
    assert shlex.split(code_of("redis-cli", odd).splitlines()[0])[2] == odd.redis_url
    assert json.dumps(odd.redis_url) in code_of("redis-py", odd)
    assert json.dumps(odd.http_url) in code_of("upstash-python", odd)
    compile(code_of("redis-py", odd), "snippet", "exec")
    compile(code_of("upstash-python", odd), "snippet", "exec")
