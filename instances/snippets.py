"""Code that reaches one instance, ready to paste: pure text from pure values."""

import json
import shlex
from dataclasses import dataclass

API_KEY = "YOUR_API_KEY"
KEY_USER = "YOUR_KEY_USER"
"""Placeholders: the key itself is shown once and never known here, its user name goes with it."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where an instance is reached. ``redis_url`` holds placeholders, never a password."""

    name: str
    http_url: str
    redis_url: str


@dataclass(frozen=True, slots=True)
class Snippet:
    key: str
    label: str
    code: str


def snippets(target: Target, *, is_native: bool = True) -> tuple[Snippet, ...]:
    """Return every way to reach the instance with an API key, HTTP first, wherever code is shown.

    Where the key opens nothing over the Redis protocol, ``is_native`` leaves that out.
    """
    curl = Snippet("curl", "cURL", _curl(target.http_url))
    over_http = (curl, dotenv(target, is_native=is_native), *_sdk_snippets(target))
    return (*over_http, *_redis_snippets(target)) if is_native else over_http


def _sdk_snippets(target: Target) -> tuple[Snippet, ...]:
    """Return the libraries that need nothing but HTTP."""
    url = json.dumps(target.http_url)
    return (
        Snippet(
            "upstash-js",
            "@upstash/redis",
            "// npm install @upstash/redis\n"
            'import { Redis } from "@upstash/redis";\n\n'
            f'const redis = new Redis({{\n  url: {url},\n  token: "{API_KEY}",\n}});\n\n'
            'await redis.set("hello", "world");\n'
            'console.log(await redis.get("hello"));',
        ),
        Snippet(
            "upstash-python",
            "upstash-redis",
            "# pip install upstash-redis\n"
            "from upstash_redis import Redis\n\n"
            f'redis = Redis(url={url}, token="{API_KEY}")\n\n'
            'redis.set("hello", "world")\n'
            'print(redis.get("hello"))',
        ),
    )


def _redis_snippets(target: Target) -> tuple[Snippet, ...]:
    """Return the ways that speak the Redis protocol itself."""
    url = json.dumps(target.redis_url)
    return (
        Snippet(
            "redis-cli",
            "redis-cli",
            f"redis-cli -u {shlex.quote(target.redis_url)} SET hello world\n"
            f"redis-cli -u {shlex.quote(target.redis_url)} GET hello",
        ),
        Snippet(
            "redis-py",
            "redis-py",
            "# pip install redis\n"
            "import redis\n\n"
            f"client = redis.from_url({url}, decode_responses=True)\n\n"
            'client.set("hello", "world")\n'
            'print(client.get("hello"))',
        ),
        Snippet(
            "ioredis",
            "ioredis",
            "// npm install ioredis\n"
            'import Redis from "ioredis";\n\n'
            f"const redis = new Redis({url});\n\n"
            'await redis.set("hello", "world");\n'
            'console.log(await redis.get("hello"));\n'
            "await redis.quit();",
        ),
        Snippet("go", "go-redis", _go(url)),
        Snippet("java", "Jedis", _java(url)),
    )


def dotenv(target: Target, *, is_native: bool = True) -> Snippet:
    """Return the variables that Upstash's SDKs and most frameworks read by themselves."""
    lines = [
        f"# {' '.join(target.name.split())}",
        f"UPSTASH_REDIS_REST_URL={json.dumps(target.http_url)}",
        f'UPSTASH_REDIS_REST_TOKEN="{API_KEY}"',
        *([f"REDIS_URL={json.dumps(target.redis_url)}"] if is_native else []),
    ]
    return Snippet("env", ".env", "\n".join(lines))


def _curl(http_url: str) -> str:
    def call(path: str) -> str:
        header = f'-H "Authorization: Bearer {API_KEY}"'
        return f"curl {shlex.quote(http_url + path)} \\\n  {header}"

    return f"{call('/set/hello/world')}\n\n{call('/get/hello')}"


def _go(url: str) -> str:
    return (
        "// go get github.com/redis/go-redis/v9\n"
        "package main\n\n"
        'import (\n\t"context"\n\t"fmt"\n\n\t"github.com/redis/go-redis/v9"\n)\n\n'
        "func main() {\n"
        f"\toptions, err := redis.ParseURL({url})\n"
        "\tif err != nil {\n\t\tpanic(err)\n\t}\n"
        "\tctx, client := context.Background(), redis.NewClient(options)\n"
        "\tdefer client.Close()\n\n"
        '\tif err := client.Set(ctx, "hello", "world", 0).Err(); err != nil {\n'
        "\t\tpanic(err)\n\t}\n"
        '\tfmt.Println(client.Get(ctx, "hello").Val())\n'
        "}"
    )


def _java(url: str) -> str:
    return (
        "// redis.clients:jedis\n"
        "import redis.clients.jedis.JedisPooled;\n\n"
        "public class Hello {\n"
        "  public static void main(String[] args) {\n"
        f"    try (JedisPooled redis = new JedisPooled({url})) {{\n"
        '      redis.set("hello", "world");\n'
        '      System.out.println(redis.get("hello"));\n'
        "    }\n"
        "  }\n"
        "}"
    )
