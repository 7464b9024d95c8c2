// What every test of a client begins with: the client as its documentation makes it.
import { webcrypto } from "node:crypto";
import { after } from "node:test";
import { Redis } from "@upstash/redis";

// Node 18 keeps this behind a flag, and @upstash/lock looks for it.
globalThis.crypto ??= webcrypto;

/** A client of the instance in UPSTASH_REDIS_REST_URL and _TOKEN; `retry` stays at its default. */
export const connect = (options = {}) => Redis.fromEnv(options);

const made = [];

/** A name that no other test has; it and what begins with it is deleted in the end. */
export function fresh(name) {
  const key = `js:${name}:${webcrypto.randomUUID()}`;
  made.push(key);
  return key;
}

after(async () => {
  const redis = connect();
  for (const key of made) {
    const rest = await redis.keys(`${key}*`);
    if (rest.length > 0) await redis.del(...rest);
  }
});

/** Wait for a condition with a deadline. */
export async function until(condition, what = "the condition") {
  const deadline = Date.now() + 10_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`not within 10 s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
