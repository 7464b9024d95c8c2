"""An organization that an operator suspends: its servers, keys and pages, and back again."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import pytest
import redis

from tests.platform import Platform
from tests.waiting import in_time, wait_until

pytestmark = pytest.mark.e2e

CHANGE = """
from audit.actors import SYSTEM
from orgs import suspension
from orgs.models import Organization
suspension.{verb}(SYSTEM, Organization.objects.get(pk="{organization}"){reason})
"""
SLOW_DOOR = {"Redisgate-Block": "1000"}
"""A header that the fast lane hands on."""


@dataclass
class Tenant:
    """One organization of its own, with a running instance and a key for it."""

    platform: Platform
    api: httpx.Client
    organization: str
    instance: dict[str, str]
    key: dict[str, str]

    def change(self, verb: str, reason: str = "") -> None:
        script = CHANGE.format(verb=verb, organization=self.organization, reason=reason)
        assert self.platform.manage("shell", "-c", script).returncode == 0

    def command(self, *words: str, **headers: str) -> httpx.Response:
        bearer = {"Authorization": f"Bearer {self.key['key']}", **headers}
        url = f"{self.platform.url}/redis/{self.instance['id']}"
        return httpx.post(url, json=words, headers=bearer, timeout=60)

    def status(self) -> str:
        found = self.api.get(f"/instances/{self.instance['id']}").json()
        return str(found["status"])

    def native(self, user: str, password: str) -> bool:
        server = urlsplit(self.instance["redis_url"])
        assert server.hostname
        assert server.port
        client = redis.Redis(server.hostname, server.port, username=user, password=password)
        try:
            return bool(client.ping())
        except (redis.ConnectionError, redis.AuthenticationError):
            return False
        finally:
            client.close()


@pytest.fixture
def tenant(platform: Platform) -> Iterator[Tenant]:
    name = uuid4().hex[:12]
    who = {"email": f"{name}@example.com", "password": "correct horse battery"}
    httpx.post(f"{platform.url}/auth/register", json={**who, "username": name}).raise_for_status()
    token = httpx.post(f"{platform.url}/auth/login", json=who).json()["access"]
    bearer = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=f"{platform.url}/api", headers=bearer, timeout=60) as api:
        organization = api.get("/organizations").json()["results"][0]["id"]
        api.base_url = httpx.URL(f"{platform.url}/api/organizations/{organization}")
        wish = {"name": "Cache", "memory_mb": 16, "purpose": "store"}
        instance = api.post("/instances", json=wish).raise_for_status().json()
        key = api.post("/api-keys", json={"name": "Shop", "scopes": ["write"]}).json()
        found = Tenant(platform, api, organization, instance, key)
        wait_until(lambda: found.status() == "running")
        found.instance = api.get(f"/instances/{instance['id']}").json()
        yield found
        api.delete(f"/instances/{instance['id']}")


def test_suspension_ends_everything_within_a_second_and_resume_brings_it_back(
    tenant: Tenant,
) -> None:
    assert tenant.command("SET", "kept", "1").status_code == 200
    assert tenant.native(tenant.key["redis_username"], tenant.key["key"])
    tenant.change("suspend", ", reason='unpaid'")
    done_at = time.monotonic()

    wait_until(lambda: tenant.command("GET", "kept").status_code == 403)
    assert in_time(done_at, 1)
    for headers in ({}, SLOW_DOOR):
        refused = tenant.command("GET", "kept", **headers)
        assert refused.status_code == 403
        assert "ERR the organization is suspended" in json.loads(refused.content)["error"]
    wait_until(lambda: not tenant.native(tenant.key["redis_username"], tenant.key["key"]))
    wait_until(lambda: tenant.status() == "stopped")
    refused = tenant.api.post(f"/instances/{tenant.instance['id']}/start")
    assert (refused.status_code, refused.json()["code"]) == (403, "organization_suspended")

    tenant.change("resume")
    wait_until(lambda: tenant.command("GET", "kept").status_code == 200)
    assert tenant.command("GET", "kept").json() == {"result": "1"}
    assert tenant.native(tenant.key["redis_username"], tenant.key["key"])
