// Scripts, with everything a client relies on when the server doesn't know one.
import assert from "node:assert/strict";
import { createHash, randomUUID } from "node:crypto";
import { test } from "node:test";
import { connect, fresh } from "./connect.mjs";

const redis = connect();
const sha1 = (text) => createHash("sha1").update(text).digest("hex");
const once = (text) => `${text} -- ${randomUUID()}`;

test("eval", async () => {
  assert.deepEqual(await redis.eval("return {KEYS[1], ARGV[1], 7}", ["k"], ["v"]), ["k", "v", 7]);
  assert.equal(await redis.eval("return false", [], []), null);
  assert.equal(await redis.evalRo("return ARGV[1]", [], ["x"]), "x");
});

test("a script is loaded, found and called", async () => {
  const script = once("return ARGV[1]");
  assert.deepEqual(await redis.scriptExists(sha1(script)), [0]);
  assert.equal(await redis.scriptLoad(script), sha1(script));
  assert.deepEqual(await redis.scriptExists(sha1(script), "f".repeat(40)), [1, 0]);
  assert.equal(await redis.evalsha(sha1(script), [], ["x"]), "x");
});

test("an empty key is a key", async () => {
  const digest = await redis.scriptLoad(once("return {#KEYS, KEYS[2], ARGV[1]}"));
  assert.deepEqual(await redis.evalsha(digest, ["a", ""], [""]), [2, "", ""]);
});

test("an unknown script is refused in the classic words", async () => {
  await assert.rejects(
    redis.evalsha("f".repeat(40), [], []),
    /NOSCRIPT No matching script\. Please use EVAL\./,
  );
});

test("the client's own script sends the text when the server has forgotten it", async () => {
  const script = redis.createScript(once("return redis.call('incr', KEYS[1])"));
  const key = fresh("script");
  assert.equal(await script.exec([key], []), 1);
  assert.equal(await script.exec([key], []), 2);
  const reading = redis.createScript(once("return redis.call('get', KEYS[1])"), { readonly: true });
  assert.equal(await reading.exec([key], []), 2);
});

test("flags that only Upstash has do no harm", async () => {
  const key = fresh("flags");
  const body = once("\nreturn redis.call('incr', KEYS[1])");
  for (const flags of ["allow-key-locking", "allow-key-locking,allow-oom"]) {
    const text = `#!lua flags=${flags}${body}`;
    await redis.eval(text, [key], []);
    await redis.evalsha(sha1(text), [key], []);
    assert.equal(await redis.scriptLoad(text), sha1(text));
    assert.deepEqual(await redis.scriptExists(sha1(text)), [1]);
  }
  assert.equal(await redis.get(key), 4);
  await assert.rejects(redis.eval("#!lua flags=no-such\nreturn 1", [], []), /Unexpected flag/);
});

test("a script that breaks says so in the server's words", async () => {
  await assert.rejects(redis.eval("return redis.error_reply('MY broken')", [], []), /MY broken/);
  await assert.rejects(redis.eval("return redis.call('nosuch')", [], []), /Unknown/);
});
