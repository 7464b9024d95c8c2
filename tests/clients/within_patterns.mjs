// @upstash/ratelimit with an API key that may touch narrow:* alone.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { Ratelimit } from "@upstash/ratelimit";
import { Redis } from "@upstash/redis";

const redis = Redis.fromEnv();

for (const limiter of [
  Ratelimit.fixedWindow(2, "1 d"),
  Ratelimit.slidingWindow(2, "1 d"),
  Ratelimit.tokenBucket(1, "1 d", 2),
]) {
  test("limits work within the patterns", async () => {
    const ratelimit = new Ratelimit({ redis, limiter, prefix: `narrow:${randomUUID()}` });
    assert.equal((await ratelimit.limit("ann")).remaining, 1);
    assert.equal((await ratelimit.getRemaining("ann")).remaining, 1);
  });
}

test("and nothing else does", async () => {
  await assert.rejects(redis.get("wide"), /NOPERM/);
});
