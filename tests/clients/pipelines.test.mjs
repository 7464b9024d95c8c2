// Many commands in one request.
import assert from "node:assert/strict";
import { test } from "node:test";
import { connect, fresh } from "./connect.mjs";

const redis = connect();

test("a pipeline answers in order", async () => {
  const key = fresh("pipeline");
  const pipeline = redis.pipeline().set(key, 1).incr(key).get(key).hgetall(`${key}:none`);
  assert.deepEqual(await pipeline.exec(), ["OK", 2, 2, null]);
});

test("an error in a pipeline stays at its place", async () => {
  const key = fresh("error");
  const make = () => redis.pipeline().set(key, "x").lpush(key, 1).get(key);
  await assert.rejects(make().exec(), /Command 2 \[ lpush \] failed: WRONGTYPE/);
  const [first, second, third] = await make().exec({ keepErrors: true });
  assert.deepEqual([first.result, third.result], ["OK", "x"]);
  assert.equal(first.error, undefined);
  assert.match(second.error, /^WRONGTYPE Operation against a key/);
  assert.equal(second.result, undefined);
});

test("a transaction runs as a whole", async () => {
  const key = fresh("multi");
  assert.deepEqual(await redis.multi().incr(key).incr(key).get(key).exec(), [1, 2, 2]);
  const results = await Promise.all(
    Array.from({ length: 20 }, () => redis.multi().incr(key).incr(key).exec()),
  );
  for (const [first, second] of results) assert.equal(second, first + 1);
});

test("a transaction that the server discards runs not at all", async () => {
  const key = fresh("discarded");
  const multi = redis.multi().set(key, 1);
  multi.chain(new (class {
    command = ["NOSUCH"];
    deserialize = (x) => x;
  })());
  await assert.rejects(multi.exec(), /EXECABORT/);
  assert.equal(await redis.exists(key), 0);
});

test("1,500 gets at once go out as pipelines and come back in order", async () => {
  const key = fresh("auto");
  const numbers = Array.from({ length: 1500 }, (_, n) => n);
  await redis.mset(Object.fromEntries(numbers.map((n) => [`${key}:${n}`, n])));
  const automatic = connect({ enableAutoPipelining: true });
  const before = automatic.pipelineCounter;
  const found = await Promise.all(numbers.map((n) => automatic.get(`${key}:${n}`)));
  assert.deepEqual(found, numbers);
  assert.equal(automatic.pipelineCounter - before, 2);
});

test("300 requests at once get their own replies", async () => {
  const client = connect({ enableAutoPipelining: false });
  const nonces = Array.from({ length: 300 }, (_, n) => `nonce-${n}`);
  assert.deepEqual(await Promise.all(nonces.map((nonce) => client.echo(nonce))), nonces);
});

test("an error in an automatic pipeline is only its own command's", async () => {
  const key = fresh("automatic");
  const automatic = connect({ enableAutoPipelining: true });
  await automatic.set(key, "text");
  const [good, bad] = await Promise.allSettled([automatic.get(key), automatic.lrange(key, 0, 1)]);
  assert.equal(good.value, "text");
  assert.match(bad.reason.message, /WRONGTYPE/);
});
