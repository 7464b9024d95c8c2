// Subscriptions over server-sent events.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Redis } from "@upstash/redis";
import { connect, fresh, until } from "./connect.mjs";

const redis = connect();

/** Wait until the server knows so many listeners, then publish. */
async function publish(channel, message, listeners = 1) {
  await until(async () => (await redis.publish(channel, message)) === listeners, "somebody listens");
}

function heard(subscriber, type) {
  const found = [];
  subscriber.on(type, (event) => found.push(event));
  return found;
}

test("messages of a channel come as they were published", async () => {
  const channel = fresh("channel");
  const subscriber = redis.subscribe(channel);
  const [counts, events] = [heard(subscriber, "subscribe"), heard(subscriber, "message")];
  const failures = heard(subscriber, "error");
  await until(() => counts.length === 1, "the subscription begins");
  assert.deepEqual(counts, [1]);

  const messages = [{ deep: ["ü☃", null] }, "text, with commas", "", 7, "two\\nlines"];
  for (const message of messages) assert.equal(await redis.publish(channel, message), 1);
  await until(() => events.length === messages.length, "all messages come");
  assert.deepEqual(events, messages.map((message) => ({ channel, message })));

  await subscriber.unsubscribe();
  await until(async () => (await redis.publish(channel, "late")) === 0, "nobody listens");
  assert.equal(events.length, messages.length);
  assert.deepEqual(failures, []);
});

test("several channels, each with its own listeners", async () => {
  const channels = [fresh("one"), fresh("two")];
  const subscriber = redis.subscribe(channels);
  const [one, two] = channels.map((channel) => heard(subscriber, `message:${channel}`));
  await publish(channels[0], "first");
  await publish(channels[1], "second");
  await until(() => one.length > 0 && two.length > 0, "both come");
  assert.deepEqual([one[0].message, two[0].message], ["first", "second"]);

  await subscriber.unsubscribe([channels[0]]);
  await until(async () => (await redis.publish(channels[0], "x")) === 0, "nobody listens");
  assert.equal(await redis.publish(channels[1], "y"), 1);
  assert.deepEqual(subscriber.getSubscribedChannels(), [channels[1]]);
  await subscriber.unsubscribe();
});

test("patterns", async () => {
  const pattern = `${fresh("user")}:*`;
  const channel = pattern.replace("*", "7");
  const subscriber = redis.psubscribe(pattern);
  const events = heard(subscriber, "pmessage");
  await publish(channel, { hello: true });
  await until(() => events.length > 0, "it comes");
  assert.deepEqual(events[0], { pattern, channel, message: { hello: true } });
  await subscriber.unsubscribe();
});

test("a stranger is told what is wrong", async () => {
  const stranger = new Redis({ url: process.env.UPSTASH_REDIS_REST_URL, token: "nonsense" });
  const failures = heard(stranger.subscribe(fresh("channel")), "error");
  await until(() => failures.length > 0, "the error comes");
  assert.match(failures[0].message, /WRONGPASS/);
});
