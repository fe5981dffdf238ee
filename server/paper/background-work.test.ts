import { expect, test } from "vitest";
import { repairCost } from "./background-work.ts";

test("a repair on disks of one arm is felt by the reads beside it, and ends whether or not it is held back", async () => {
  const plan = { readMs: 15, busyShare: 0.3, keyCount: 40 };

  const controlled = await repairCost({ ...plan, isControlled: true });
  const free = await repairCost({ ...plan, isControlled: false });

  expect(free.during.meanMs).toBeGreaterThan(free.idle.meanMs);
  expect(controlled.idle).toEqual(free.idle);
  expect(controlled.slicesMin).toBeLessThan(free.slicesMin);
  expect(controlled.repairMs).toBeLessThan(60_000);
}, 60_000);
