// @upstash/ratelimit: all its algorithms, with the scripts that it ships.
import assert from "node:assert/strict";
import { test } from "node:test";
import { IpDenyList, MultiRegionRatelimit, Ratelimit } from "@upstash/ratelimit";
import { connect, fresh } from "./connect.mjs";

const redis = connect();
const limited = (limiter, more = {}) =>
  new Ratelimit({ redis, limiter, prefix: fresh("limit"), ephemeralCache: false, ...more });

async function verdicts(ratelimit, times, identifier = "ann") {
  const found = [];
  for (let n = 0; n < times; n++) found.push((await ratelimit.limit(identifier)).success);
  return found;
}

const ALGORITHMS = {
  "fixed window": Ratelimit.fixedWindow(3, "1 h"),
  "sliding window": Ratelimit.slidingWindow(3, "1 h"),
  "token bucket": Ratelimit.tokenBucket(1, "1 h", 3),
};

for (const [name, limiter] of Object.entries(ALGORITHMS)) {
  test(`${name}: three pass and the fourth waits`, async () => {
    const ratelimit = limited(limiter);
    assert.equal((await ratelimit.getRemaining("ann")).remaining, 3);
    const first = await ratelimit.limit("ann");
    assert.deepEqual([first.success, first.limit, first.remaining], [true, 3, 2]);
    assert.ok(first.reset > Date.now());
    assert.deepEqual(await verdicts(ratelimit, 4), [true, true, false, false]);
    assert.equal((await ratelimit.getRemaining("ann")).remaining, 0);
    assert.equal((await ratelimit.limit("bob")).success, true);
  });

  test(`${name}: used tokens are given back`, async () => {
    const ratelimit = limited(limiter);
    assert.deepEqual(await verdicts(ratelimit, 4), [true, true, true, false]);
    await ratelimit.resetUsedTokens("ann");
    assert.deepEqual(await verdicts(ratelimit, 4), [true, true, true, false]);
  });

  test(`${name}: a request may cost more than one`, async () => {
    const ratelimit = limited(limiter);
    const { success, remaining } = await ratelimit.limit("ann", { rate: 2 });
    assert.deepEqual([success, remaining], [true, 1]);
    assert.equal((await ratelimit.limit("ann", { rate: 2 })).success, false);
  });

  test(`${name}: the limit is exact when all ask at once`, async () => {
    const ratelimit = limited(limiter);
    const answers = await Promise.all(Array.from({ length: 20 }, () => ratelimit.limit("ann")));
    assert.equal(answers.filter(({ success }) => success).length, 3);
  });

  test(`${name}: a limit can be changed while it is in use`, async () => {
    const ratelimit = limited(limiter, { dynamicLimits: true });
    await ratelimit.setDynamicLimit({ limit: 1 });
    assert.deepEqual(await ratelimit.getDynamicLimit(), { dynamicLimit: 1 });
    assert.deepEqual(await verdicts(ratelimit, 2), [true, false]);
  });
}

test("cached fixed window", async () => {
  const ratelimit = limited(Ratelimit.cachedFixedWindow(3, "1 h"), { ephemeralCache: new Map() });
  assert.deepEqual(await verdicts(ratelimit, 5), [true, true, true, false, false]);
});

test("a window that ends lets go", async () => {
  const ratelimit = limited(Ratelimit.fixedWindow(1, "300 ms"));
  while ((await ratelimit.limit("ann")).success);
  const { success } = await ratelimit.blockUntilReady("ann", 5000);
  assert.equal(success, true);
});

test("several regions at once", async () => {
  const ratelimit = new MultiRegionRatelimit({
    redis: [connect(), connect()],
    limiter: MultiRegionRatelimit.slidingWindow(3, "1 h"),
    prefix: fresh("regions"),
    ephemeralCache: false,
  });
  const { success, pending } = await ratelimit.limit("ann");
  await pending;
  assert.equal(success, true);
});

test("a deny list refuses and analytics are written", async () => {
  const prefix = fresh("deny");
  const ratelimit = new Ratelimit({
    redis,
    limiter: Ratelimit.fixedWindow(10, "1 h"),
    prefix,
    enableProtection: true,
    analytics: true,
  });
  await IpDenyList.disableIpDenyList(redis, prefix); // it would be fetched from elsewhere
  await redis.sadd(`${prefix}:denyList:all`, "192.0.2.1");
  const { success, reason, pending } = await ratelimit.limit("ann", { ip: "192.0.2.1" });
  await pending;
  assert.deepEqual([success, reason], [false, "denyList"]);
  assert.equal((await redis.keys(`${prefix}:events:*`)).length, 1);
});
