// Cursors are strings, so that loops come to an end.
import assert from "node:assert/strict";
import { test } from "node:test";
import { connect, fresh } from "./connect.mjs";

const redis = connect();

async function scanned(options) {
  const found = [];
  let cursor = "0";
  do {
    const [next, keys] = await redis.scan(cursor, options);
    assert.equal(typeof next, "string");
    found.push(...keys);
    cursor = next;
  } while (cursor !== "0");
  return found;
}

test("a scan comes to an end and finds every key", async () => {
  const key = fresh("scan");
  const names = Array.from({ length: 50 }, (_, n) => `${key}:${n}`);
  await redis.mset(Object.fromEntries(names.map((name) => [name, 1])));
  const found = await scanned({ match: `${key}:*`, count: 20 });
  assert.deepEqual([...new Set(found)].sort(), names.sort());
});

test("a scan tells types where it is asked to", async () => {
  const key = fresh("types");
  const pipeline = redis.pipeline().set(`${key}:s`, 1).rpush(`${key}:l`, 1).sadd(`${key}:set`, 1);
  await pipeline.zadd(`${key}:z`, { score: 1, member: "m" }).hset(`${key}:h`, { f: 1 }).exec();
  const found = await scanned({ match: `${key}:*`, count: 1000, withType: true });
  const types = Object.fromEntries(found.map(({ key: name, type }) => [name, type]));
  assert.deepEqual(types, {
    [`${key}:s`]: "string",
    [`${key}:l`]: "list",
    [`${key}:set`]: "set",
    [`${key}:z`]: "zset",
    [`${key}:h`]: "hash",
  });
  const options = { match: `${key}:s`, count: 100_000, withType: true };
  const [[, inPipeline]] = await redis.pipeline().scan("0", options).exec();
  assert.deepEqual(inPipeline, [{ key: `${key}:s`, type: "string" }]);
});

test("sets, hashes and sorted sets are scanned with cursors too", async () => {
  const key = fresh("inner");
  await redis.sadd(`${key}:s`, "a");
  await redis.zadd(`${key}:z`, { score: 1, member: "m" });
  assert.deepEqual(await redis.sscan(`${key}:s`, 0), ["0", ["a"]]);
  assert.deepEqual(await redis.zscan(`${key}:z`, 0), ["0", ["m", 1]]);
});
