"""Where the contenders are measured: a running platform with instances, and one key for all.

The environment must name the platform, and Django be set up, before a stage is made.
"""

from dataclasses import dataclass, field
from pathlib import Path

import redis
from django.db import connections

from apikeys import services as keys
from apikeys.models import ApiKey
from audit.actors import SYSTEM
from instances import directory, services
from instances.models import Instance
from instances.states import Status
from orgs.models import Organization
from quotas import services as quotas
from quotas.models import InstanceQuota
from tests.platform import Platform
from tests.waiting import wait_until

MEMORY_MB = 16
RATE_LIMIT = 1_000_000_000
"""More commands a second than anybody can send; the limiter itself is on."""
FIRST_DEADLINE_SECONDS = 20.0
SECONDS_PER_INSTANCE = 2.0


@dataclass
class Stage:
    """The first instance is the one that is loaded, unless a scenario asks for many."""

    platform: Platform
    organization: Organization
    token: str = field(repr=False)
    instance_ids: list[str] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        return self.platform.environment

    @property
    def files(self) -> Path:
        return self.platform.data_dir

    @property
    def log(self) -> Path:
        return self.platform.log

    @property
    def socket_path(self) -> str:
        target = directory.find_target(self._first.pk)
        assert target is not None
        assert target.endpoint.socket_path is not None
        return target.endpoint.socket_path

    def sockets(self, count: int) -> list[tuple[str, str]]:
        """Give the unix sockets of the first instances with the passwords of their ``default``."""
        found = []
        for row in Instance.objects.filter(pk__in=self.instance_ids[:count]):
            target = directory.find_target(row.pk)
            assert target is not None
            assert target.endpoint.socket_path is not None
            found.append((target.endpoint.socket_path, row.password))
        return found

    @property
    def password(self) -> str:
        """Give the password of the instance's user ``default``."""
        return self._first.password

    @property
    def server_pid(self) -> int:
        return int(self.client().info("server")["process_id"])

    def client(self) -> "redis.Redis":
        return redis.Redis(
            unix_socket_path=self.socket_path, username="default", password=self.password
        )

    @property
    def _first(self) -> Instance:
        return Instance.objects.get(pk=self.instance_ids[0])

    def grow(self, instances: int) -> None:
        """Have this many instances, all of them running."""
        for number in range(len(self.instance_ids), instances):
            made = services.create(
                SYSTEM,
                self.organization,
                name=f"bench {number}",
                memory_mb=MEMORY_MB,
                purpose="cache",
            )
            self.instance_ids.append(str(made.pk))
        deadline = FIRST_DEADLINE_SECONDS + instances * SECONDS_PER_INSTANCE
        wait_until(self._all_run, "all instances run", seconds=deadline, log=self.log)

    def _all_run(self) -> bool:
        running = Instance.objects.filter(pk__in=self.instance_ids, status=Status.RUNNING)
        return running.count() == len(self.instance_ids)


def prepare(platform: Platform, *, instances_max: int) -> Stage:
    """Raise the quota, and make the first instance and the key."""
    organization = Organization.objects.get()
    # Those of an earlier measurement are still there.
    room = Instance.objects.count() + instances_max + 10
    quotas.set_limits(SYSTEM, organization, instances=room, memory_mb=room * 64)
    key, token = keys.create(SYSTEM, organization, name="bench", scopes=["read", "write"])
    # More than a person or an operator may choose, so that no pipeline ever meets the limit.
    ApiKey.objects.filter(pk=key.pk).update(rate_limit=RATE_LIMIT)
    InstanceQuota.objects.filter(pk=organization.pk).update(rate_limit_override=RATE_LIMIT)
    stage = Stage(platform, organization, token)
    stage.grow(1)
    connections.close_all()
    return stage
