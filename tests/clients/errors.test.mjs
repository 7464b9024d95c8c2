// What clients say when something is wrong.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Redis } from "@upstash/redis";
import { connect, fresh } from "./connect.mjs";

const redis = connect();

test("the server's own words", async () => {
  const key = fresh("list");
  await redis.rpush(key, 1);
  await assert.rejects(
    redis.get(key),
    /WRONGTYPE Operation against a key holding the wrong kind of value/,
  );
  await assert.rejects(redis.set(key, "x", { ex: -1 }), /ERR invalid expire time in 'set' command/);
});

test("a wrong token", async () => {
  const stranger = new Redis({ url: process.env.UPSTASH_REDIS_REST_URL, token: "nonsense" });
  await assert.rejects(stranger.ping(), /WRONGPASS/);
  await assert.rejects(stranger.pipeline().ping().exec(), /WRONGPASS/);
});

test("a blocking read is refused with the way out, and a stream may have any name", async () => {
  const key = fresh("stream");
  await redis.xadd(key, "1-1", { a: 1 });
  await assert.rejects(redis.xread(key, "$", { blockMS: 10 }), /Blocking commands/);
  assert.equal((await redis.xread(key, "0"))[0][0], key);
});

test("two clients that write after each other read what they wrote", async () => {
  const key = fresh("sync");
  const [writer, reader] = [connect(), connect()];
  for (let n = 1; n <= 20; n++) {
    await writer.set(key, n);
    assert.equal(await reader.get(key), n);
  }
});
