import shlex

from apikeys.snippets import commands, snippets

URL = "http://127.0.0.1:8000/redis/1234"


def test_commands_are_those_that_the_key_may_run() -> None:
    assert commands(["read"], []) == (("GET", "greeting"),)
    assert commands(["write"], []) == (("SET", "greeting", "hello"), ("GET", "greeting"))
    assert commands(["admin"], ["shop:*", "x"])[0] == ("SET", "shop:greeting", "hello")
    assert commands(["write"], ["a[bc]?", "only"])[1] == ("GET", "only")
    assert commands(["write"], ["a[bc]"]) == (("PING",),)


def test_curl_survives_the_shell() -> None:
    curl, _, _ = snippets(
        http_url=URL,
        redis_url="redis://u:p@h:1/0",
        token="rg_token",
        calls=[("SET", "it's 100%/a", "hello")],
    )
    words = [word for word in shlex.split(curl.code) if word.strip()]
    assert words == [
        "curl",
        f"{URL}/set/it%27s%20100%25%2Fa/hello",
        "-H",
        "Authorization: Bearer rg_token",
    ]


def test_dotenv_holds_what_sdks_read() -> None:
    _, env, cli = snippets(
        http_url=URL, redis_url="redis://rg_1:t@h:1/0", token="rg_t", calls=[("PING",)]
    )
    assert env.code.splitlines() == [
        f'UPSTASH_REDIS_REST_URL="{URL}"',
        'UPSTASH_REDIS_REST_TOKEN="rg_t"',
        'REDIS_URL="redis://rg_1:t@h:1/0"',
    ]
    assert shlex.split(cli.code) == ["redis-cli", "-u", "redis://rg_1:t@h:1/0", "PING"]


def test_a_key_for_http_alone_gets_nothing_for_redis_clients() -> None:
    shown = snippets(http_url=URL, redis_url=None, token="rg_t", calls=[("PING",)])
    assert [each.key for each in shown] == ["curl", "env"]
    assert "REDIS_URL=" not in shown[1].code.replace("UPSTASH_REDIS_REST_URL=", "")
