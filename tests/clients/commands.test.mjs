// The types of Redis, as @upstash/redis reads and writes them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { connect, fresh } from "./connect.mjs";

const redis = connect();

test("strings", async () => {
  const key = fresh("string");
  assert.equal(await redis.set(key, "ü☃", { ex: 100 }), "OK");
  assert.equal(await redis.get(key), "ü☃");
  assert.equal(await redis.set(key, "x", { nx: true }), null);
  assert.equal(await redis.set(key, "y", { get: true }), "ü☃");
  assert.equal(await redis.append(key, "z"), 2);
  assert.equal(await redis.getrange(key, 0, 0), "y");
  assert.equal(await redis.strlen(key), 2);
  assert.equal(await redis.getdel(key), "yz");
  assert.equal(await redis.get(key), null);
});

test("counters and times to live", async () => {
  const key = fresh("counter");
  assert.deepEqual(
    [await redis.incr(key), await redis.incrby(key, 5), await redis.decr(key)],
    [1, 6, 5],
  );
  assert.equal(await redis.incrbyfloat(key, 0.5), 5.5);
  assert.equal(await redis.ttl(key), -1);
  assert.equal(await redis.expire(key, 100), 1);
  const left = await redis.ttl(key);
  assert.ok(left > 0 && left <= 100);
  assert.equal(await redis.persist(key), 1);
  assert.equal(await redis.exists(key, fresh("never")), 1);
});

test("several keys at once", async () => {
  const [one, two] = [fresh("m1"), fresh("m2")];
  assert.equal(await redis.mset({ [one]: "1a", [two]: { deep: [1] } }), "OK");
  assert.deepEqual(await redis.mget(one, two, fresh("never")), ["1a", { deep: [1] }, null]);
  assert.equal(await redis.type(one), "string");
  assert.equal(await redis.rename(one, `${one}:new`), "OK");
  assert.equal(await redis.unlink(`${one}:new`, two), 2);
});

test("hashes", async () => {
  const key = fresh("hash");
  assert.equal(await redis.hset(key, { one: 1, two: "zwei", three: { deep: true } }), 3);
  assert.deepEqual(await redis.hgetall(key), { one: 1, two: "zwei", three: { deep: true } });
  assert.deepEqual(await redis.hmget(key, "two", "none"), { two: "zwei", none: null });
  assert.equal(await redis.hincrby(key, "one", 4), 5);
  assert.deepEqual((await redis.hkeys(key)).sort(), ["one", "three", "two"]);
  const [cursor, pairs] = await redis.hscan(key, 0);
  assert.equal(cursor, "0");
  assert.equal(pairs.length, 6);
  assert.equal(await redis.hdel(key, "one", "two", "three"), 3);
  assert.equal(await redis.hgetall(key), null);
});

test("lists", async () => {
  const key = fresh("list");
  assert.equal(await redis.rpush(key, "a", "b", { c: 1 }), 3);
  assert.equal(await redis.lpush(key, "0a"), 4);
  assert.deepEqual(await redis.lrange(key, 0, -1), ["0a", "a", "b", { c: 1 }]);
  assert.equal(await redis.lindex(key, 1), "a");
  assert.equal(await redis.lpop(key), "0a");
  assert.deepEqual(await redis.rpop(key, 2), [{ c: 1 }, "b"]);
  assert.equal(await redis.lmove(key, `${key}:other`, "left", "right"), "a");
  assert.equal(await redis.llen(key), 0);
});

test("sets", async () => {
  const [key, other] = [fresh("set"), fresh("other")];
  assert.equal(await redis.sadd(key, "x", "y", "z"), 3);
  assert.equal(await redis.sadd(other, "y"), 1);
  assert.deepEqual((await redis.smembers(key)).sort(), ["x", "y", "z"]);
  assert.deepEqual((await redis.sdiff(key, other)).sort(), ["x", "z"]);
  assert.deepEqual(await redis.smismember(key, ["x", "none"]), [1, 0]);
  assert.equal(await redis.srem(key, "x"), 1);
  assert.equal(await redis.scard(key), 2);
});

test("sorted sets", async () => {
  const key = fresh("zset");
  assert.equal(await redis.zadd(key, { score: 1.5, member: "m" }, { score: 2, member: "n" }), 2);
  assert.equal(await redis.zscore(key, "m"), 1.5);
  assert.deepEqual(await redis.zrange(key, 0, -1, { withScores: true }), ["m", 1.5, "n", 2]);
  assert.deepEqual(await redis.zrange(key, 2, "-inf", { byScore: true, rev: true }), ["n", "m"]);
  assert.equal(await redis.zincrby(key, 3, "m"), 4.5);
  assert.equal(await redis.zrank(key, "m"), 1);
  assert.deepEqual(await redis.zpopmax(key, 1), ["m", 4.5]);
  assert.deepEqual(await redis.zmscore(key, ["n", "none"]), [2, null]);
});

test("streams", async () => {
  const key = fresh("stream");
  assert.equal(await redis.xadd(key, "1-1", { who: "ann", n: 7 }), "1-1");
  assert.match(await redis.xadd(key, "*", { who: "bob" }), /^\d+-\d+$/);
  assert.equal(await redis.xlen(key), 2);
  assert.deepEqual((await redis.xrange(key, "-", "+"))["1-1"], { who: "ann", n: 7 });
  assert.equal(await redis.xgroup(key, { type: "CREATE", group: "g", id: "0" }), "OK");
  const [[name, entries]] = await redis.xreadgroup("g", "me", key, ">", { count: 1 });
  assert.equal(name, key);
  assert.deepEqual(entries, [["1-1", ["who", "ann", "n", 7]]]);
  assert.equal(await redis.xack(key, "g", "1-1"), 1);
  assert.equal(await redis.xtrim(key, { strategy: "MAXLEN", exactness: "=", threshold: 1 }), 1);
});

test("bits, places and counts of what is different", async () => {
  const [bits, places, counts] = [fresh("bits"), fresh("geo"), fresh("hll")];
  assert.equal(await redis.setbit(bits, 7, 1), 0);
  assert.equal(await redis.bitcount(bits), 1);
  const single = connect({ enableAutoPipelining: false }); // the automatic one has no chain
  assert.deepEqual(await single.bitfield(bits).get("u8", 0).set("u8", 0, 9).exec(), [1, 1]);
  assert.equal(
    await redis.geoadd(places, { longitude: 13.361389, latitude: 38.115556, member: "Palermo" }),
    1,
  );
  const [place] = await redis.geopos(places, "Palermo");
  assert.ok(Math.abs(place.lng - 13.361389) < 0.001);
  assert.equal(await redis.pfadd(counts, "a", "b", "a"), 1);
  assert.equal(await redis.pfcount(counts), 2);
});

test("the server itself", async () => {
  assert.equal(await redis.ping(), "PONG");
  assert.equal(await redis.echo("héllo"), "héllo");
  assert.ok((await redis.time())[0] > 1_700_000_000);
  assert.equal(await redis.publish(fresh("channel"), "x"), 0);
  assert.ok((await redis.dbsize()) >= 0);
});
