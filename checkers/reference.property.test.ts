/** The fast checkers agree with the definitions on small histories of any kind, sound or not. */
import * as fc from "fast-check";
import { expect, test, vi } from "vitest";
import { ackedAdds } from "./acked-adds.ts";
import { ackedWrites } from "./acked-writes.ts";
import type { CartContents, Completion, HistoryEvent, Invocation, Written } from "./history/event.ts";
import { historyOf } from "./history/history.ts";
import { referenceOf } from "./reference.fixture.ts";
import { resurfacing } from "./resurfacing.ts";

const numRuns = process.env["TIPCART_DEEP"] === "1" ? 100_000 : 2_000;

vi.setConfig({ testTimeout: 600_000 });

/** One request, its references as numbers that are cut down to what came before. */
const requestArbitrary = fc.record({
  key: fc.nat(1),
  kind: fc.constantFrom("put", "put", "put", "delete", "get"),
  parents: fc.array(fc.nat(7), { maxLength: 2 }),
  outcome: fc.constantFrom("ok", "ok", "ok", "fail", "info", "never"),
  adds: fc.boolean(),
  removes: fc.array(fc.nat(7), { maxLength: 2 }),
  live: fc.array(fc.nat(7), { maxLength: 3 }),
  dead: fc.array(fc.nat(7), { maxLength: 1 }),
  seen: fc.array(fc.nat(7), { maxLength: 2 }),
});
type Small = {
  readonly key: number;
  readonly kind: "put" | "delete" | "get";
  readonly parents: readonly number[];
  readonly outcome: "ok" | "fail" | "info" | "never";
  readonly adds: boolean;
  readonly removes: readonly number[];
  readonly live: readonly number[];
  readonly dead: readonly number[];
  readonly seen: readonly number[];
};

const unique = (numbers: readonly number[], name: (number: number) => string): string[] => [
  ...new Set(numbers.map(name)),
];
const writeName = (number: number): string => `1.${number}`;
const tagName = (number: number): string => `t${number}`;

const writtenBy = (small: Small, index: number): Written => {
  const tags = { adds: small.adds ? [{ tag: tagName(index), item: "x", quantity: 1 }] : [] };
  const removes = [{ item: "x", observed: unique(small.removes, tagName) }];
  const contents: CartContents = {
    codec: "tagged",
    live: unique(small.live, tagName).map((tag) => ({ tag, item: "x", quantity: 1 })),
    removed: unique(small.dead, tagName),
  };
  return {
    write: writeName(index),
    parents: unique(
      small.parents.filter((parent) => parent < index),
      writeName,
    ),
    digest: writeName(index),
    bytes: 1,
    effect: { action: small.kind === "delete" ? "delete" : "add", adds: tags.adds, removes },
    ...(small.kind === "put" ? { contents } : {}),
  };
};

const eventsOf = (smalls: readonly Small[], finals: readonly (readonly number[])[]): HistoryEvent[] => {
  const reads = finals.map((seen, key) => ({ key, seen }));
  const requests = smalls.flatMap((small, index) => requestEvents(small, index));
  return [...requests, ...reads.flatMap(({ key, seen }) => finalEvents(key, seen, 100 + key))];
};

const requestEvents = (small: Small, index: number): HistoryEvent[] => {
  const at = index * 10;
  const isGet = small.kind === "get";
  const invocation: Invocation = {
    ...invocationOf(index, small.key, at),
    kind: small.kind,
    ...(isGet ? {} : { written: writtenBy(small, index) }),
  };
  if (small.outcome === "never") return [invocation];
  const end = { id: index, at: at + 5, attempts: [] };
  const completion: Completion =
    small.outcome === "ok"
      ? { type: "ok", ...end, ...(isGet ? { observed: observedOf(small.seen) } : {}) }
      : { type: small.outcome, ...end, error: "x" };
  return [invocation, completion];
};

const finalEvents = (key: number, seen: readonly number[], id: number): HistoryEvent[] => [
  { ...invocationOf(id, key, id * 10), kind: "get", final: true },
  { type: "ok", id, at: id * 10 + 5, attempts: [], observed: observedOf(seen) },
];

const invocationOf = (id: number, key: number, at: number): Omit<Invocation, "kind"> => ({
  type: "invoke",
  id,
  process: id,
  session: "s",
  operation: `${id}`,
  key: `k${key}`,
  intended: at,
  at,
  entry: "n1",
});

const observedOf = (seen: readonly number[]) =>
  unique(seen, writeName).map((write) => ({ write, digest: write }));

const smallHistory = fc.tuple(
  fc.array(requestArbitrary, { minLength: 1, maxLength: 8 }),
  fc.tuple(fc.array(fc.nat(7), { maxLength: 2 }), fc.array(fc.nat(7), { maxLength: 2 })),
);

test("lost writes, lost adds and resurfaced lines are those of the definitions, in histories of up to 8 requests", () => {
  const found = { lostWrites: 0, lostAdds: 0, resurfaced: 0 };
  fc.assert(
    fc.property(smallHistory, ([smalls, finals]) => {
      const events = eventsOf(smalls, finals);
      const history = historyOf(events);
      const expected = referenceOf(events);

      const lostWrites = ackedWrites.check(history).anomalies;
      const lostAdds = ackedAdds.check(history).anomalies;
      const tags = resurfacing.check(history).anomalies.filter(({ type }) => type === "resurfaced-tag");

      expect(lostWrites.flatMap(({ writes }) => writes).toSorted()).toEqual(expected.lostWrites.toSorted());
      expect(lostAdds).toHaveLength(expected.lostAdds.length);
      expect(tags).toHaveLength(expected.resurfaced.length);
      found.lostWrites += expected.lostWrites.length;
      found.lostAdds += expected.lostAdds.length;
      found.resurfaced += expected.resurfaced.length;
    }),
    { numRuns },
  );
  for (const count of Object.values(found)) expect(count).toBeGreaterThan(numRuns / 20);
});
