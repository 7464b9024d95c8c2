"""No secret stays in what is written down, and what is none stays as it was."""

import time

import pytest
from pytest_django import Settings

from accounts import refresh_tokens
from apikeys import token as api_keys
from managementkeys import services as management_keys
from orgs.invitations import links as invitations
from redisgate import own_secrets
from redisgate.lib import redaction

CANARY = "CANARY0123456789abcdef"
ROOMS = (api_keys, invitations, management_keys, refresh_tokens)
TOKEN = f"rg_eyJhbGciOiJIUzI1NiJ9.{CANARY}.{CANARY}"


@pytest.mark.parametrize(
    "words",
    [
        f"key {TOKEN} came",
        f"percent%3D{TOKEN}",
        *(f"it is {room.PREFIX}{CANARY}" for room in ROOMS),
        *(f"percent%3D{room.PREFIX}eyJ{CANARY}" for room in ROOMS),
        f"token eyJhbGciOiJI.{CANARY}.x",
        f"GET /redis/1/get/a?_token={CANARY}&b=1",
        f"next=%2Fredis%3F%5Ftoken%3D{CANARY}",
        f"redis://default:{CANARY}@127.0.0.1:6379/0",
        f"rediss://:{CANARY}@host",
        f"connect to postgres://user:{CANARY}@db/name failed",
        f"Authorization: Basic {CANARY}",
        f"{{'Authorization': 'Bearer {CANARY}'}}",
        f"[(b'authorization', b'Bearer {CANARY}')]",
        f"sent bearer {CANARY} twice",
        f"Cookie: sessionid={CANARY}; csrftoken={CANARY}",
        f"sessionid={CANARY}",
        f"password='{CANARY} and more'",
        f'{{"secret": "{CANARY}"}}',
        f'\\"client_secret\\": \\"{CANARY}\\"',
        f"host=db password={CANARY} user=b",
        f"password: {CANARY}",
        f"api_key={CANARY}",
        f"-----BEGIN RSA PRIVATE KEY-----\n{CANARY}\n-----END RSA PRIVATE KEY-----",
    ],
)
def test_secret_in_a_text_is_hidden(words: str) -> None:
    told = redaction.text(words)
    assert CANARY not in told
    assert redaction.HIDDEN in told


@pytest.mark.parametrize(
    "words",
    [
        "POST /api/organizations refused: 400 invalid_input",
        "METRICS_TOKEN: set it, or name networks",
        "a bearer token is missing, so is the cookie",
        "DETAIL: Key (email)=(a@b.example) already exists",
        "http://127.0.0.1:8000/orgs/acme?next=a@b",
        "user rg_ab12cd34ef is gone",
        "org_suspended_at_something_long",
        "keys: 5",
        "GET /accounts/confirm-email/ refused",
        r"/accounts/confirm-email/(?P<key>[-:\w]+)/$",
        "/srv/redis/instances/0a4f6a39-5f0f-4c9e-8d4c-b7d3c0a1f2e3/dump.rdb",
    ],
)
def test_what_is_no_secret_stays(words: str) -> None:
    assert redaction.text(words) == words


def test_fields_are_hidden_by_their_names() -> None:
    given = {
        "password": CANARY,
        "client_secret": [CANARY],
        "deep": [{"X-Api-Key": CANARY, "path": "/a"}],
        "key": CANARY,
        "keys": 5,
        "object": ValueError(f"token={CANARY}"),
    }
    told = redaction.value(given)
    assert CANARY not in str(told)
    assert (told["deep"][0]["path"], told["keys"]) == ("/a", 5)


@pytest.mark.parametrize("shown", ["rg_ab12cd34ef567", "rgm_…x1Y-_z"])
def test_what_lists_show_of_a_key_is_shown(shown: str) -> None:
    assert redaction.field("key", shown) == shown


def test_secrets_of_our_own_are_known_by_heart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redaction, "_learned", [])
    redaction.learn(["short", CANARY, f"{CANARY}-longer"])
    assert redaction.text(f"it is short {CANARY}-longer!") == "it is short [redacted]!"


@pytest.mark.parametrize("secret", [CANARY, f"rgi_{CANARY}", f"password='{CANARY}'"])
@pytest.mark.parametrize("word", ["x ", "x\n", "xx"])
def test_secret_across_the_cut_of_a_long_text_leaves_no_part(
    monkeypatch: pytest.MonkeyPatch, word: str, secret: str
) -> None:
    monkeypatch.setattr(redaction, "_learned", [CANARY] if secret == CANARY else [])
    for before in range(redaction.TEXT_LENGTH_MAX - 40, redaction.TEXT_LENGTH_MAX, 2):
        long = word * (before // 2) + secret + " y" * redaction.TEXT_LENGTH_MAX
        told = redaction.value(long)
        assert "CAN" not in told
        assert told.endswith("characters less)")


def test_text_that_is_short_without_its_secrets_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redaction, "_learned", [CANARY])
    words = "x\n" * (redaction.TEXT_LENGTH_MAX // 2 - 6)
    assert redaction.value(words + CANARY) == words + redaction.HIDDEN


def test_what_is_left_out_of_a_long_text_is_counted() -> None:
    last_lines = "\nit broke\n"
    told = redaction.value("word " * 10_000 + last_lines)
    first, _, rest = told.partition("… (")
    assert set(first.split()) == {"word"}
    left_out = 50_000 - len(first)
    assert rest == f"{left_out} characters less){last_lines}"


def test_secrets_of_the_environment_are_known_as_they_are_written_and_meant(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://redisgate:hunter%402222@db:5432/redisgate")
    settings.OTEL_EXPORTER_OTLP_HEADERS = "x-team=a,authorization=Bearer%20hunter-3333"
    known = set(own_secrets.known())
    assert {"hunter%402222", "hunter@2222", "Bearer%20hunter-3333", "hunter-3333"} <= known


@pytest.mark.parametrize(
    "piece",
    [
        *("eyJ-", "secret:'", "://a:", "a://", "rg_", "token", "cookie:", "password= ", "_key"),
        *("rgr_", "reset/key/a", "reset%252", "confirm-email%2f", f"/redis/{'a' * 36}"),
    ],
)
def test_what_strangers_write_takes_time_by_its_length_alone(piece: str) -> None:
    def seconds(length: int) -> float:
        words = piece * (length // len(piece))
        began = time.thread_time()
        redaction.text(words)
        return time.thread_time() - began

    # Ten times as long would take a hundred times as long, were it to be searched again and again.
    assert seconds(40_000) < 40 * max(seconds(4_000), 0.001)
