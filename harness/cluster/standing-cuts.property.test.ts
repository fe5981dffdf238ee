import fc from "fast-check";
import { expect, it } from "vitest";
import type { Grudge } from "./cluster.ts";
import { allPairs, pairName } from "./links.ts";
import { StandingCuts } from "./standing-cuts.ts";

const numRuns = process.env["TIPCART_DEEP"] === "1" ? 5_000 : 200;
const faults = ["1 partition", "2 partition", "3 partition"] as const;
const grudges = fc.subarray([...allPairs(["n1", "n2", "n3", "n4"])]);

const step = fc.oneof(
  fc.record({ act: fc.constant("cut" as const), fault: fc.constantFrom(...faults), grudge: grudges }),
  fc.record({ act: fc.constant("mend" as const), fault: fc.constantFrom(...faults) }),
);

const sorted = (grudge: Grudge): string[] => grudge.map(pairName).toSorted();

it("a link is cut exactly as long as some fault cuts it, whatever the others do", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      const set: Grudge[] = [];
      const cuts = new StandingCuts({
        cut: async (grudge) => {
          set.push(grudge);
          return { type: "done", evidence: "" };
        },
      });
      const model = new Map<string, Grudge>();

      await Promise.all(
        steps.map((one) => (one.act === "cut" ? cuts.cut(one.fault, one.grudge) : cuts.mend(one.fault))),
      );

      expect(set).toHaveLength(steps.length);
      steps.forEach((one, index) => {
        if (one.act === "cut") model.set(one.fault, one.grudge);
        else model.delete(one.fault);
        const wanted = new Set([...model.values()].flatMap(sorted));
        expect(sorted(set[index] ?? [])).toEqual([...wanted].toSorted());
      });
    }),
    { numRuns },
  );
});

it("a change that fails holds up none that follow", async () => {
  let isBroken = true;
  const cuts = new StandingCuts({
    cut: async () => {
      if (isBroken) throw new Error("no such tool");
      return { type: "done", evidence: "cut" };
    },
  });

  const broken = cuts.cut("1 partition", []);
  await expect(broken).rejects.toThrow("no such tool");
  isBroken = false;

  expect(await cuts.mend("1 partition")).toEqual({ type: "done", evidence: "cut" });
});
