import { expect, test } from "vitest";
import { KeyLocks } from "./key-locks.ts";

test("who waits for a key is counted, who has it or another one is not", async () => {
  const locks = new KeyLocks();
  const release = await locks.acquire("k");
  await locks.acquire("other");

  const second = locks.acquire("k");
  const third = locks.acquire("k");
  const waiting = locks.queue.take();
  release();
  (await second)();
  await third;

  expect(waiting).toEqual({ now: 2, most: 2 });
  expect(locks.queue.take()).toEqual({ now: 0, most: 2 });
});

test("a key is had by one at a time, in the order in which it was asked for", async () => {
  const locks = new KeyLocks();
  const order: string[] = [];
  const work = ["first", "second", "third"].map(async (name) => {
    const release = await locks.acquire("k");
    order.push(`${name} begins`);
    await Promise.resolve();
    order.push(`${name} ends`);
    release();
  });

  await Promise.all(work);

  expect(order).toEqual(["first", "second", "third"].flatMap((name) => [`${name} begins`, `${name} ends`]));
});
