"""A key and an instance of the real platform, through the application that workers serve."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import httpx
import pytest

from apikeys import services as key_services
from apikeys.models import ApiKey
from instances import services as instance_services
from instances.models import Instance
from instances.states import Status, Wish
from redisgate.asgi import application
from tests.apikeys.rows import make_key
from tests.conftest import Cast, actor
from tests.instances.conftest import control_plane
from tests.instances.harness import ControlPlane, fresh
from tests.served import served
from tests.waiting import in_time, wait_until

__all__ = ["control_plane"]


@pytest.fixture
def web() -> Iterator[str]:
    """Serve the whole application."""
    with served(application, lifespan="on") as port:
        yield f"http://127.0.0.1:{port}"


@dataclass
class Shop:
    """A running instance and a client without a key."""

    cast: Cast
    instance: Instance
    url: str

    def key(self, **wish: object) -> tuple[ApiKey, str]:
        return make_key(self.cast.owner, self.cast.acme, **wish)

    def send(self, token: str, *words: str) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token}"}
        return httpx.post(self.url, json=words, headers=headers, timeout=60)


@pytest.fixture
def shop(control_plane: ControlPlane, cast: Cast, web: str) -> Shop:
    instance = instance_services.create(
        actor(cast.owner), cast.acme, name="Cache", memory_mb=16, purpose="cache"
    )
    control_plane.controller()
    wait_until(lambda: fresh(instance).status == Status.RUNNING)
    return Shop(cast, instance, f"{web}/redis/{instance.pk}")


def test_a_new_key_sets_and_gets(shop: Shop) -> None:
    _, token = shop.key()
    assert shop.send(token, "SET", "a", "1").json() == {"result": "OK"}
    assert shop.send(token, "GET", "a").json() == {"result": "1"}


def test_a_read_key_reads_in_transactions_and_writes_nothing(shop: Shop) -> None:
    _, token = shop.key(scopes=["read"])
    headers = {"Authorization": f"Bearer {token}"}
    body = [["GET", "a"], ["EXISTS", "a"]]
    answer = httpx.post(shop.url + "/multi-exec", json=body, headers=headers)
    assert answer.json() == [{"result": None}, {"result": 0}]
    refused = shop.send(token, "SET", "a", "1")
    assert refused.status_code == 400
    assert refused.json()["error"].startswith("NOPERM")


def test_a_revoked_key_is_refused_within_a_second(shop: Shop) -> None:
    key, token = shop.key()
    assert shop.send(token, "PING").status_code == 200
    revoked_at = time.monotonic()
    ApiKey.objects.filter(pk=key.pk).update(revoked_at="2000-01-01T00:00:00Z")
    wait_until(lambda: shop.send(token, "PING").status_code == 401, seconds=2)
    assert in_time(revoked_at, 1.2)


def test_a_key_that_the_server_has_forgotten_is_refused_in_words(shop: Shop) -> None:
    key, token = shop.key(key_patterns=["shop:*"])
    assert shop.send(token, "PING").status_code == 200
    key_services.revoke(actor(shop.cast.owner), key)
    assert shop.send(token, "PING").json() == {"error": "WRONGPASS invalid or missing auth token"}


def users_connected(shop: Shop) -> set[str]:
    """Ask the server who is logged in, as an admin key may."""
    _, token = shop.key(name="Eyes", scopes=["admin"])
    lines = shop.send(token, "CLIENT", "LIST").json()["result"].splitlines()
    return {
        word.removeprefix("user=")
        for line in lines
        for word in line.split()
        if word.startswith("user=")
    }


def test_keys_of_one_scope_share_a_connection_and_those_with_patterns_do_not(shop: Shop) -> None:
    narrow, narrow_token = shop.key(name="Narrow", key_patterns=["a:*"])
    tokens = [shop.key(name=f"Key {n}")[1] for n in range(3)]
    assert {shop.send(token, "INCR", "a:n").status_code for token in tokens} == {200}
    assert shop.send(narrow_token, "INCR", "a:n").json() == {"result": 4}
    assert shop.send(narrow_token, "INCR", "b:n").json()["error"].startswith("NOPERM")
    of_keys = {user for user in users_connected(shop) if user.startswith(("rg_", "rg-scope-"))}
    assert of_keys == {"rg-scope-write", "rg-scope-admin", narrow.prefix}


def test_a_rescoped_key_leaves_the_connection_of_its_former_scope_within_a_second(
    shop: Shop,
) -> None:
    key, token = shop.key()
    assert shop.send(token, "SET", "a", "1").status_code == 200
    ApiKey.objects.filter(pk=key.pk).update(scopes=["read"])
    changed_at = time.monotonic()
    wait_until(lambda: "NOPERM" in shop.send(token, "SET", "a", "2").text, seconds=2)
    assert in_time(changed_at, 1.2)


def last_words(shop: Shop, token: str, end: Callable[[], object]) -> str:
    """Read a stream that something ends."""
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.stream("GET", shop.url + "/subscribe/chat", headers=headers, timeout=60) as stream:
        lines = stream.iter_lines()
        assert next(lines) == "data: subscribe,chat,1"
        end()
        return list(lines)[-2]


def test_a_revoked_key_ends_its_streams(shop: Shop) -> None:
    key, token = shop.key()
    words = last_words(shop, token, lambda: key_services.revoke(actor(shop.cast.owner), key))
    assert "WRONGPASS" in words or "the connection to the instance was lost" in words


def test_a_stopped_instance_ends_its_streams_in_words(shop: Shop) -> None:
    _, token = shop.key()
    owner = actor(shop.cast.owner)
    words = last_words(shop, token, lambda: instance_services.stop(owner, shop.instance))
    assert "the instance is stopped" in words


def test_another_organizations_key_sees_no_instance(shop: Shop) -> None:
    _, token = make_key(shop.cast.outsider, shop.cast.globex)
    foreign = shop.send(token, "PING")
    assert foreign.status_code == 404
    _, own = shop.key()
    Instance.objects.filter(pk=shop.instance.pk).update(wish=Wish.DELETED)
    wait_until(lambda: shop.send(own, "PING").status_code == 404)
    assert shop.send(own, "PING").text == foreign.text


def test_a_stopped_instance_says_how_to_start_it(shop: Shop) -> None:
    _, token = shop.key()
    instance_services.stop(actor(shop.cast.owner), shop.instance)
    answer = shop.send(token, "PING")
    assert answer.status_code == 503
    assert answer.json()["error"].startswith("ERR the instance is stopped. Start it")


def test_nothing_of_the_page_side_shows(shop: Shop) -> None:
    root = shop.url.split("/redis/")[0]
    for path in ("/redis/", "/redis/x", "/redis/%0a/ping", f"/redis/{shop.instance.pk}/get/%0A"):
        answer = httpx.get(root + path, headers={"Host": "elsewhere.example"})
        assert answer.headers["content-type"] == "application/json"
        assert list(answer.json()) == ["error"]
        assert "content-security-policy" not in answer.headers
