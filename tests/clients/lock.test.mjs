// @upstash/lock: one holder at a time.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Lock } from "@upstash/lock";
import { connect, fresh } from "./connect.mjs";

const redis = connect();
const lockOf = (id, retry = { attempts: 1, delay: 10 }) =>
  new Lock({ id, redis, lease: 60_000, retry });

test("a lock is held by one, extended and released", async () => {
  const id = fresh("lock");
  const [mine, theirs] = [lockOf(id), lockOf(id)];
  assert.equal(await mine.acquire(), true);
  assert.equal(await theirs.acquire(), false);
  assert.equal(await mine.getStatus(), "ACQUIRED");
  assert.equal(await mine.extend(30_000), true);
  assert.ok((await redis.ttl(id)) > 60);
  assert.equal(await mine.release(), true);
  assert.equal(await mine.release(), false);
  assert.equal(await theirs.acquire(), true);
});

test("of twenty at once exactly one gets it", async () => {
  const id = fresh("race");
  const found = await Promise.all(Array.from({ length: 20 }, () => lockOf(id).acquire()));
  assert.equal(found.filter(Boolean).length, 1);
});

test("whoever waits gets it after the release", async () => {
  const id = fresh("wait");
  const first = lockOf(id);
  await first.acquire();
  const second = lockOf(id, { attempts: 500, delay: 10 }).acquire();
  await first.release();
  assert.equal(await second, true);
});
