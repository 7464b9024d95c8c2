"""The script in the store, and workers that share it over a real server."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from redis.exceptions import RedisError

from gateway.rate_store import NoRateStore, RedisRateStore
from gateway.rates import Away, Rates
from gateway.token_bucket import Report
from redisgate.platform_redis import PlatformRedis
from tests.gateway.parts import Key, Server
from tests.gateway.rate_model import SharedBucket
from tests.waiting import until
