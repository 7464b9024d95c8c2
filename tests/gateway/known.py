"""The keys and instances that there are, in the place of the platform's database."""

from dataclasses import dataclass
from uuid import UUID

from gateway.errors import MissingOrInvalidToken, UnknownInstance
from gateway.limits import Limits
from gateway.lookup_cache import LookupCache
from gateway.principals import Principal, Target
from gateway.runtime import Runtime
from tests.gateway.parts import Key, Place


@dataclass
class Known:
    """Keys by token and instances by id; a test may change them at any time."""

    keys: dict[str, Key]
    instances: dict[UUID, Place]

    async def key(self, token: str) -> Principal:
        if token not in self.keys:
            raise MissingOrInvalidToken
        return self.keys[token]

    async def instance(self, instance_id: UUID) -> Target:
        if instance_id not in self.instances:
            raise UnknownInstance
        return self.instances[instance_id]

    def runtime(self, limits: Limits | None = None) -> Runtime:
        return Runtime(limits or Limits(), LookupCache(self.key), LookupCache(self.instance))
