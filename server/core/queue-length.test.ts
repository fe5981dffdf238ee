import { expect, test } from "vitest";
import { QueueLength } from "./queue-length.ts";

test("tells a burst that is over by the time somebody looks, once", () => {
  const queue = new QueueLength();
  for (let index = 0; index < 5; index += 1) queue.enter();
  for (let index = 0; index < 3; index += 1) queue.leave();

  const first = queue.take();
  const second = queue.take();

  expect(first).toEqual({ now: 2, most: 5 });
  expect(second).toEqual({ now: 2, most: 2 });
});
