"""The buckets that all workers share, in the platform's own Redis.

Times are the server's, so the clocks of several machines needn't agree. A bucket that is full again
is forgotten: a key that isn't there is a full one.
"""

import hashlib
import secrets

from django.conf import settings
from redis.asyncio import Redis
from redis.exceptions import NoScriptError

from gateway.rates import Away, RateStore
from gateway.token_bucket import Report, Standing
from redisgate.lib import platform_redis
from redisgate.lib.platform_redis import PlatformRedis

PREFIX = "redisgate:rate:"

# KEYS: one bucket each. ARGV: the worker, then for each key its limit, what was spent, in how many
# milliseconds, and what it holds at most. What came before the spending may not overflow into it.
SCRIPT = """
local ACTIVE_MS = 1000
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local worker, answer = ARGV[1], {}
for i, key in ipairs(KEYS) do
  local limit, spent = tonumber(ARGV[i * 4 - 2]), tonumber(ARGV[i * 4 - 1])
  local tokens, at, workers = limit, now, 1
  local state = redis.call('HGETALL', key)
  for place = 1, #state, 2 do
    local name, value = state[place], tonumber(state[place + 1])
    if name == 'tokens' then
      tokens = value
    elseif name == 'at' then
      at = math.min(value, now)
    elseif name ~= worker then
      if now - value < ACTIVE_MS then
        workers = workers + 1
      else
        redis.call('HDEL', key, name)
      end
    end
  end
  local during = math.min(now - at, tonumber(ARGV[i * 4]))
  tokens = math.min(limit, tokens + (now - at - during) * limit / 1000)
  tokens = math.min(limit, tokens - spent + during * limit / 1000, tonumber(ARGV[i * 4 + 1]))
  redis.call('HSET', key, 'tokens', tokens, 'at', now, worker, now)
  redis.call('PEXPIRE', key, math.ceil((limit - tokens) * 1000 / limit) + ACTIVE_MS)
  answer[i * 2 - 1], answer[i * 2] = tostring(tokens), workers
end
return answer
"""
SHA1 = hashlib.sha1(SCRIPT.encode(), usedforsecurity=False).hexdigest()


class RedisRateStore:
    """One worker's way to the shared buckets."""

    def __init__(self, platform: PlatformRedis) -> None:
        self._platform = platform
        self._worker = secrets.token_hex(6)

    async def settle(self, reports: list[Report]) -> list[Standing]:
        """See ``RateStore``: one round trip for all keys."""
        names = [PREFIX + report.name for report in reports]
        arguments: list[str | float] = [self._worker]
        for report in reports:
            age_ms = int(report.age_seconds * 1000)
            arguments += (report.limit, report.spent, age_ms, report.tokens_max)
        try:
            answer = await self._platform.run(
                "rate_limit", lambda client: _run_script(client, names, arguments)
            )
        except platform_redis.Away:
            raise Away from None
        pairs = zip(answer[::2], answer[1::2], strict=True)
        return [Standing(float(tokens), int(workers)) for tokens, workers in pairs]


class NoRateStore:
    """Nothing is shared: every worker counts alone."""

    async def settle(self, reports: list[Report]) -> list[Standing]:
        raise Away


def configured() -> RateStore:
    """Give the running loop's way to the store that the settings name."""
    if not settings.RATE_LIMIT_REDIS:
        return NoRateStore()
    return RedisRateStore(platform_redis.current())


async def _run_script(
    client: "Redis", names: list[str], arguments: list[str | float]
) -> list[bytes | int]:
    rest = (len(names), *names, *arguments)
    try:
        return await client.evalsha(SHA1, *rest)  # type: ignore[no-any-return,arg-type]
    except NoScriptError:
        return await client.eval(SCRIPT, *rest)  # type: ignore[no-any-return,arg-type]
