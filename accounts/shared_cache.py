"""Django's cache in the platform's database: one for all processes and machines.

What guards accounts stands in it: how often somebody tried, and which codes were used. So it never
drops what is still valid, however much comes in, and a write that fails is an error.
"""

import json
import math
import time
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import connection

from accounts.models import SharedValue
from redisgate.lib import tokens

WRITE = """
    INSERT INTO accounts_sharedvalue (key, value, expires_at) VALUES (%s, %s, %s)
    ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at
"""
# One statement decides, so that of many that add the same key exactly one succeeds.
WRITE_WHERE_NONE_IS = WRITE + "WHERE accounts_sharedvalue.expires_at <= %s"


class SharedCache(BaseCache):
    """Values are JSON, and keys are kept as digests: some are made of email addresses."""

    def __init__(self, _location: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    def add(
        self, key: str, value: Any, timeout: float | None = DEFAULT_TIMEOUT, version: Any = None
    ) -> bool:
        row = self._row(key, value, timeout, version)
        return _execute(WRITE_WHERE_NONE_IS, *row, time.time()) == 1

    def get(self, key: str, default: Any = None, version: Any = None) -> Any:
        alive = SharedValue.objects.filter(key=self._name(key, version), expires_at__gt=time.time())
        found = alive.values_list("value", flat=True).first()
        return default if found is None else json.loads(found)

    def set(
        self, key: str, value: Any, timeout: float | None = DEFAULT_TIMEOUT, version: Any = None
    ) -> None:
        _execute(WRITE, *self._row(key, value, timeout, version))

    def touch(self, key: str, timeout: float | None = DEFAULT_TIMEOUT, version: Any = None) -> bool:
        alive = SharedValue.objects.filter(key=self._name(key, version), expires_at__gt=time.time())
        return alive.update(expires_at=self._end(timeout)) > 0

    def delete(self, key: str, version: Any = None) -> bool:
        return SharedValue.objects.filter(key=self._name(key, version)).delete()[0] > 0

    def clear(self) -> None:
        SharedValue.objects.all().delete()

    def _row(
        self, key: str, value: Any, timeout: float | None, version: Any
    ) -> tuple[str, str, float]:
        return self._name(key, version), json.dumps(value), self._end(timeout)

    def _name(self, key: str, version: Any) -> str:
        return tokens.fingerprint(self.make_key(key, version))

    def _end(self, timeout: float | None) -> float:
        end = self.get_backend_timeout(timeout)
        return math.inf if end is None else end


def clear_expired() -> int:
    """Delete what is over."""
    return SharedValue.objects.filter(expires_at__lte=time.time()).delete()[0]


def _execute(statement: str, *parameters: str | float) -> int:
    """Return how many rows were written."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return int(cursor.rowcount)
