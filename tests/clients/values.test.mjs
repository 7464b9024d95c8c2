// Values that are easily damaged on the way.
import assert from "node:assert/strict";
import { test } from "node:test";
import { connect, fresh } from "./connect.mjs";

const redis = connect();
const plain = connect({ automaticDeserialization: false });
const withoutBase64 = connect({ responseEncoding: false });

const TEXTS = {
  emoji: "👩‍👩‍👧‍👦 🏴‍☠️",
  "control characters": "\0\r\n\t\u001f",
  "a reply of the protocol": "*1\r\n$8\r\nFLUSHALL\r\n",
  "right to left": "שלום \u202e",
  "quotes and slashes": "\"'`\\/%2F?&=#",
  empty: "",
  OK: "OK",
};

for (const [name, text] of Object.entries(TEXTS)) {
  test(`text comes back: ${name}`, async () => {
    const key = fresh("text");
    for (const client of [plain, withoutBase64]) {
      await client.set(key, text);
      assert.equal(await client.get(key), text);
      assert.deepEqual(await client.mget(key, key), [text, text]);
      await client.hset(`${key}:hash`, { [`f${text}`]: text });
      assert.equal(await client.hget(`${key}:hash`, `f${text}`), text);
    }
  });
}

const OBJECTS = [
  { deep: { list: [1, "two", null, true, { ü: "☃" }] } },
  [],
  {},
  [[["nested"]]],
  true,
  false,
  null,
  0,
  -1.5,
  1e21,
];

for (const object of OBJECTS) {
  test(`JSON comes back: ${JSON.stringify(object)}`, async () => {
    const key = fresh("json");
    await redis.set(key, object);
    assert.deepEqual(await redis.get(key), object);
  });
}

test("large numbers keep every digit", async () => {
  const key = fresh("large");
  await redis.set(key, "9007199254740993");
  assert.equal(await redis.get(key), "9007199254740993");
  await plain.set(key, 10n ** 18n + 1n + "");
  assert.equal(await plain.get(key), "1000000000000000001");
  assert.equal(await redis.set(key, Number.MAX_SAFE_INTEGER), "OK");
  assert.equal(await redis.get(key), Number.MAX_SAFE_INTEGER);
});

test("floats stay as they were written", async () => {
  const key = fresh("float");
  await redis.set(key, 0.1);
  assert.equal(await plain.get(key), "0.1");
  await redis.zadd(`${key}:z`, { score: 1e-7, member: "m" });
  assert.equal(await redis.zscore(`${key}:z`, "m"), 1e-7);
});

test("booleans arrive as their names", async () => {
  const key = fresh("boolean");
  await redis.rpush(key, false, true);
  assert.deepEqual(await plain.lrange(key, 0, -1), ["false", "true"]);
});

test("a megabyte comes back", async () => {
  const key = fresh("megabyte");
  const text = "0123456789abcdéf".repeat(65_536);
  await redis.set(key, text);
  assert.equal(await redis.get(key), text);
});

test("keys may hold anything", async () => {
  const key = `${fresh("key")}/ä ?&#%2F\r\n`;
  await redis.set(key, "x");
  assert.equal(await redis.get(key), "x");
  assert.equal(await redis.exists(key), 1);
});
