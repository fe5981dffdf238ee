import { expect, test } from "vitest";
import { quorumCosts } from "./quorum-costs.ts";

test("a smaller W makes writes faster and a larger R reads slower, in the mean and at the tail", async () => {
  const [r3w1, r2w2, r1w3] = await quorumCosts(100);

  expect([r3w1?.w, r2w2?.w, r1w3?.w]).toEqual([1, 2, 3]);
  expect(r3w1?.writes.meanMs).toBeLessThan(r2w2?.writes.meanMs ?? 0);
  expect(r2w2?.writes.meanMs).toBeLessThan(r1w3?.writes.meanMs ?? 0);
  expect(r3w1?.writes.p999Ms).toBeLessThan(r1w3?.writes.p999Ms ?? 0);
  expect(r1w3?.reads.meanMs).toBeLessThan(r2w2?.reads.meanMs ?? 0);
  expect(r2w2?.reads.meanMs).toBeLessThan(r3w1?.reads.meanMs ?? 0);
});
