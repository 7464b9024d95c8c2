"""A key's whole life through the running platform: alive when it is returned, dead when revoked."""

import time
from uuid import uuid4

import httpx
import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from tests.e2e.conftest import Ready, make
from tests.waiting import in_time, wait_until

pytestmark = pytest.mark.e2e


def native(ready: Ready, key: dict[str, str]) -> redis.Redis:
    parts = httpx.URL(ready.redis_url)
    return redis.Redis(
        host=parts.host,
        port=parts.port or 6379,
        username=key["redis_username"],
        password=key["key"],
        decode_responses=True,
        socket_timeout=60,
        retry=Retry(NoBackoff(), 0),
    )


def over_http(ready: Ready, key: dict[str, str], *command: str) -> httpx.Response:
    headers = {"Authorization": f"Bearer {key['key']}"}
    return httpx.post(ready.url, json=list(command), headers=headers, timeout=30)


def test_key_works_at_once_and_is_dead_once_revoked(api: httpx.Client, ready: Ready) -> None:
    for _ in range(5):
        key, nonce = make(api, ready), uuid4().hex
        assert over_http(ready, key, "SET", "e2e:key", nonce).json() == {"result": "OK"}
        with native(ready, key) as client:
            assert client.get("e2e:key") == nonce
            assert api.delete(f"/api-keys/{key['id']}").status_code == 204
            revoked_at = time.monotonic()
            with pytest.raises((redis.ConnectionError, redis.AuthenticationError)):
                client.get("e2e:key")
        # Keys without patterns share connections, so a worker's look-up is what has to notice.
        refused = over_http(ready, key, "GET", "e2e:key")
        while refused.status_code == 200 and in_time(revoked_at, 1.0):
            refused = over_http(ready, key, "GET", "e2e:key")
        assert refused.status_code == 401
        assert refused.json() == {"error": "WRONGPASS invalid or missing auth token"}


def test_scope_and_patterns_hold_through_both_doors(api: httpx.Client, ready: Ready) -> None:
    key = make(api, ready, scopes=["read"], key_patterns=["e2e:*"])
    with native(ready, key) as client:
        for command in (("SET", "e2e:key", "1"), ("GET", "other")):
            refused = over_http(ready, key, *command)
            assert refused.status_code == 400
            assert refused.json()["error"].startswith("NOPERM")
            with pytest.raises(redis.exceptions.NoPermissionError):
                client.execute_command(*command)
        assert "result" in over_http(ready, key, "GET", "e2e:key").json()
    api.delete(f"/api-keys/{key['id']}")


def test_use_is_seen_in_the_list(api: httpx.Client, ready: Ready) -> None:
    key = make(api, ready)
    path = f"/api-keys/{key['id']}"
    assert api.get(path).json()["last_used_at"] is None
    assert over_http(ready, key, "PING").json() == {"result": "PONG"}
    wait_until(lambda: api.get(path).json()["last_used_at"] is not None)
    api.delete(path)
