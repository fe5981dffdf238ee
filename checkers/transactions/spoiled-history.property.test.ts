/** Generated histories are right; each known way to break one is seen, and called by its name. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { HistoryRecord } from "../exchange/history-record.ts";
import { defaultLoad, generatedHistory } from "./generated-history.ts";
import { ListAppendCheck } from "./list-append.ts";
import { RwRegisterCheck } from "./rw-register.ts";
import type { Choose } from "./spoiled-history.fixture.ts";
import { listSpoilings } from "./spoiled-lists.fixture.ts";
import { registerSpoilings } from "./spoiled-registers.fixture.ts";

const isDeep = process.env["TIPCART_DEEP"] === "1";
const numRuns = isDeep ? 2000 : 25;
const timeout = isDeep ? 600_000 : 60_000;
const workloads = ["list-append", "rw-register"] as const;

const judge = (workload: (typeof workloads)[number], records: Iterable<HistoryRecord>) => {
  const check = workload === "list-append" ? new ListAppendCheck() : new RwRegisterCheck();
  for (const record of records) check.add(record);
  return check.finish();
};

const seed = fc.nat(1_000_000);

describe.each(workloads)("a generated history of %s", (workload) => {
  it(
    "is strictly serializable, however it is loaded",
    () => {
      const load = fc.record({
        seed,
        transactionCount: fc.integer({ min: 30, max: 200 }),
        clients: fc.integer({ min: 1, max: 30 }),
        keys: fc.integer({ min: 1, max: 8 }),
        longest: fc.integer({ min: 1, max: 6 }),
        abortedPerMille: fc.constantFrom(0, 200),
        unansweredPerMille: fc.constantFrom(0, 200),
      });
      fc.assert(
        fc.property(load, (drawn) => {
          const { verdict } = judge(workload, generatedHistory({ ...defaultLoad, ...drawn, workload }));

          expect([verdict.anomalies, verdict.type]).toEqual([[], "passed"]);
        }),
        { numRuns: numRuns * 4 },
      );
    },
    timeout,
  );
});

describe.each([...listSpoilings, ...registerSpoilings])(
  "$workload: when $name",
  ({ workload, expected, spoil }) => {
    it(`there is ${expected}`, () => {
      fc.assert(
        fc.property(seed, fc.nat(1000), (drawn, choice) => {
          const choose: Choose = (members) => members[choice % members.length];
          const right = [
            ...generatedHistory({ ...defaultLoad, transactionCount: 60, workload, seed: drawn }),
          ];
          const spoiled = spoil(right, choose);
          fc.pre(spoiled !== undefined);
          const { verdict, found } = judge(workload, spoiled ?? []);

          expect([...found.keys()]).toContain(expected);
          expect(verdict.type).toBe("violated");
        }),
        { numRuns },
      );
    });
  },
);
