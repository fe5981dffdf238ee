import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ClusterTable, deltaFor, digestOf, mergeTables, tableHash, tableOf } from "./cluster-table.ts";
import { type Holding, holderOf } from "./holdings.ts";

const holding: fc.Arbitrary<Holding> = fc.record({
  nodeId: fc.constantFrom("a", "b"),
  incarnation: fc.constantFrom("i", "j"),
  version: fc.nat(5),
  trees: fc.subarray(["o|0/3", "o|1/3", "p|0/3"]),
});
const change = fc.record({
  nodeId: fc.constantFrom("a", "b"),
  incarnation: fc.constantFrom("i", "j"),
  sequence: fc.nat(3),
  state: fc.constantFrom("valid" as const, "leaving" as const, "removed" as const),
  address: fc.option(fc.constant({ host: "127.0.0.1", rpcPort: 1, httpPort: 2 })),
  capacity: fc.constant(1),
  dc: fc.constant(""),
  rack: fc.constant(""),
  seat: fc.constant(0),
  origin: fc.constant(""),
  issuedBy: fc.constant("a"),
  issuedAtMs: fc.constant(0),
});
const table: fc.Arbitrary<ClusterTable> = fc
  .tuple(fc.array(change, { maxLength: 6 }), fc.array(holding, { maxLength: 6 }))
  .map(([changes, holdings]) => tableOf({ changes, holdings }));
const runs = { numRuns: process.env["TIPCART_DEEP"] === undefined ? 300 : 20_000 };

describe("tables", () => {
  it("merge commutatively, associatively and idempotently", () => {
    fc.assert(
      fc.property(table, table, table, (a, b, c) => {
        expect(tableHash(mergeTables(a, b))).toBe(tableHash(mergeTables(b, a)));
        expect(tableHash(mergeTables(mergeTables(a, b), c))).toBe(
          tableHash(mergeTables(a, mergeTables(b, c))),
        );
        expect(mergeTables(a, a)).toBe(a);
      }),
      runs,
    );
  });

  it("are equal after each was sent what its digest lacks", () => {
    fc.assert(
      fc.property(table, table, (a, b) => {
        const toA = tableOf(deltaFor(b, digestOf(a)));
        const toB = tableOf(deltaFor(a, digestOf(b)));

        expect(tableHash(mergeTables(a, toA))).toBe(tableHash(mergeTables(b, toB)));
      }),
      runs,
    );
  });

  it("keep the later record of each holder", () => {
    fc.assert(
      fc.property(table, holding, (known, last) => {
        const later = { ...last, version: 9 };

        const merged = mergeTables(known, tableOf({ changes: [], holdings: [later] }));

        expect(merged.holdings.get(holderOf(later))).toEqual(later);
      }),
      runs,
    );
  });
});
