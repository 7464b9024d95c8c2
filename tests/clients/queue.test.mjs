// @upstash/queue: messages over a stream with a consumer group.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Queue } from "@upstash/queue";
import { connect, fresh } from "./connect.mjs";

const redis = connect();

function queueOf(options = {}) {
  const name = fresh("queue");
  return new Queue({ redis, queueName: name, concurrencyLimit: 5, ...options });
}

test("messages come in order, each once", async () => {
  const queue = queueOf();
  await queue.sendMessage({ n: 1, text: "ü☃" });
  await queue.sendMessage({ n: 2 });
  assert.deepEqual((await queue.receiveMessage()).body, { n: 1, text: "ü☃" });
  assert.deepEqual((await queue.receiveMessage()).body, { n: 2 });
  assert.equal(await queue.receiveMessage(), null);
});

test("a message is verified by hand", async () => {
  const queue = queueOf({ autoVerify: false });
  await queue.sendMessage("once");
  const { streamId, body } = await queue.receiveMessage();
  assert.equal(body, "once");
  assert.equal(await queue.verifyMessage(streamId), "VERIFIED");
  assert.equal(await queue.verifyMessage(streamId), "NOT VERIFIED");
});

test("a message that nobody verified comes again", async () => {
  const queue = queueOf({ autoVerify: false, visibilityTimeout: 1 });
  await queue.sendMessage("again");
  const first = await queue.receiveMessage();
  await new Promise((resolve) => setTimeout(resolve, 20));
  const second = await queue.receiveMessage();
  assert.equal(second.streamId, first.streamId);
});
