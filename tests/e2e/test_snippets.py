"""The code that pages offer for copying, run as it stands: only the key is filled in.

Go and Java are left out: their tools aren't there.
"""

import base64
import json
import os
import subprocess
import sys
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest

from instances import snippets
from instances.snippets import API_KEY, KEY_USER, Target
from tests.e2e.conftest import Ready
from tests.platform import ROOT

pytestmark = pytest.mark.e2e

Run = Callable[[str, dict[str, str]], "subprocess.CompletedProcess[str]"]


def code_of(ready: Ready, name: str) -> str:
    address = urlsplit(ready.redis_url)
    redis_url = f"redis://{KEY_USER}:{API_KEY}@{address.hostname}:{address.port}/0"
    target = Target("quickstart", ready.url, redis_url)
    [code] = [each.code for each in snippets.snippets(target) if each.key == name]
    return code.replace(KEY_USER, user_of(ready.token)).replace(API_KEY, ready.token)


def user_of(token: str) -> str:
    claims = token.split(".")[1]
    return f"rg_{json.loads(base64.urlsafe_b64decode(claims + '=='))['jti'][:12]}"


def shell(code: str, more: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    return ran(["sh", "-euc", code], more)


def python(code: str, more: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    return ran([sys.executable, "-c", code], more)


def node(code: str, more: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    return ran(["node", "--input-type=module", "--eval", code], more)


def ran(words: list[str], more: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    environment = {"PATH": os.environ["PATH"], **more}
    where = ROOT / "tests" / "clients"
    return subprocess.run(
        words, env=environment, cwd=where, capture_output=True, text=True, timeout=30, check=False
    )


@pytest.mark.parametrize(
    ("name", "run", "printed"),
    [
        ("curl", shell, '{"result":"OK"}{"result":"world"}'),
        ("redis-cli", shell, "OK\nworld\n"),
        ("redis-py", python, "world\n"),
        ("upstash-python", python, "world\n"),
        ("ioredis", node, "world\n"),
        ("upstash-js", node, "world\n"),
    ],
)
def test_snippet_sets_and_gets(ready: Ready, name: str, run: Run, printed: str) -> None:
    done = run(code_of(ready, name), {})
    assert done.stdout == printed, done.stderr
    assert done.returncode == 0


def test_variables_are_those_that_clients_read_by_themselves(ready: Ready) -> None:
    lines = code_of(ready, "env").splitlines()
    pairs = [line.split("=", 1) for line in lines if not line.startswith("#")]
    variables = {name: json.loads(value) for name, value in pairs}
    by_http = "from upstash_redis import Redis\nprint(Redis.from_env().ping())"
    assert python(by_http, variables).stdout == "PONG\n"
    by_url = "import os, redis\nprint(redis.from_url(os.environ['REDIS_URL']).ping())"
    assert python(by_url, variables).stdout == "True\n"
    by_node = 'import { Redis } from "@upstash/redis";\nconsole.log(await Redis.fromEnv().ping());'
    assert node(by_node, variables).stdout == "PONG\n"
