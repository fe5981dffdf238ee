/** The short way from a journal's bytes to a history, and the long one over events, end in the same history. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { perfectHistory, stepsArbitrary } from "../perfect-store.fixture.ts";
import type { HistoryEvent } from "./event.ts";
import { type History, HistoryBuilder, historyFromJournal, historyOf } from "./history.ts";
import { encodeEvent, JournalReader } from "./journal.ts";
import { parseNotation } from "./notation.ts";

const numRuns = process.env["TIPCART_DEEP"] === "1" ? 5000 : 100;

const named = (names: { name: (number: number) => string }, list: Iterable<number>): string[] =>
  [...list].map((number) => (number < 0 ? "-" : names.name(number)));

/** All that a history says of its requests, with names for numbers. */
const told = (history: History): unknown => {
  const { written, requests, digests } = history;
  const versions = new Map(
    Array.from({ length: written.count }, (_, version) => version)
      .filter((version) => written.row(version) >= 0)
      .map((version) => [
        written.name(version),
        {
          row: written.row(version),
          digest: named(digests, [written.digest(version)]),
          bytes: written.bytes(version),
          does: [written.action(version), written.codec(version)],
          parents: named(history.versions, written.parents(version)),
          added: named(written.tags, written.added(version)),
          items: named(
            written.items,
            [...written.added(version)].map((tag) => written.itemOf(tag)),
          ),
          authors: named(
            history.versions,
            [...written.added(version)].map((tag) => written.addedBy(tag)),
          ),
          removed: named(written.tags, written.removed(version)),
          removedItems: named(written.items, written.removedItems(version)),
          live: named(
            written.codec(version) === "union" ? written.items : written.tags,
            written.live(version),
          ),
          dead: named(written.tags, written.dead(version)),
          sold: named(written.tags, written.sold(version)),
        },
      ]),
  );
  const rows = Array.from({ length: requests.count }, (_, row) => [
    requests.request(row),
    named(digests, requests.digests(row)),
  ]);
  return { rows, versions, defects: history.defects, lastAt: history.lastAt, torn: history.tornBytes };
};

const theLongWay = (bytes: Uint8Array): History => {
  const reader = new JournalReader();
  const builder = new HistoryBuilder();
  for (const item of [...reader.push(bytes), ...reader.end()]) {
    if (item.type === "event") builder.add(item.event);
    else builder.addProblem(item);
  }
  return builder.history();
};

const journalOf = (events: readonly unknown[]): Uint8Array =>
  Buffer.concat(events.map((event) => encodeEvent(event as HistoryEvent)));

test("whatever a right run's recorder writes", async () => {
  await fc.assert(
    fc.asyncProperty(stepsArbitrary, async (steps) => {
      const events = perfectHistory(steps);

      const history = await historyFromJournal([journalOf(events)]);

      expect(told(history)).toEqual(told(historyOf(events)));
    }),
    { numRuns },
  );
});

test("union carts, orders, sold tags, attempts that fail, odd text", async () => {
  const notated = parseNotation(`
    run codec=union
    p1 put cart/ä€😀 1.1 [] +apple*3 +pear -> ok n1,n4+hint
    p1 put cart/ä€😀 1.2 [1.1] -apple -> info timeout
    p1 put cart/ä€😀 1.3 [1.1,1.2] !order/1.4 -> fail quorum-unmet
    p1 put order/1.4 1.5 [] $1.1/apple -> ok n1+buffered
    p2/phone get cart/ä€😀 -> 1.1,?,1.2!,deleted:1.9
  `);
  const events = notated.type === "ok" ? notated.events : [];

  const history = await historyFromJournal([journalOf(events)]);

  expect(events).toHaveLength(11);
  expect(told(history)).toEqual(told(historyOf(events)));
});

/** Any value in the place of any field, at any depth. */
const spoilt = (value: unknown, path: readonly number[], junk: unknown): unknown => {
  const [first = 0, ...rest] = path;
  if (Array.isArray(value) && value.length > 0 && path.length > 0)
    return value.map((item, place) => (place === first % value.length ? spoilt(item, rest, junk) : item));
  if (typeof value !== "object" || value === null || Array.isArray(value) || path.length === 0) return junk;
  const names = Object.keys(value);
  const chosen = names[first % names.length];
  return Object.fromEntries(
    Object.entries(value).map(([name, held]) => [name, name === chosen ? spoilt(held, rest, junk) : held]),
  );
};

test("records of a wrong shape, with the same defects", async () => {
  const junk = fc.oneof(
    fc.constantFrom<unknown>(null, undefined, "", "put", -1, 0.5, 2 ** 53, Number.NaN, true, 2n ** 63n),
    fc.constantFrom<unknown>([], {}, [1], ["x"], { tag: "x" }, { __proto__: "x" }, new Uint8Array(3)),
  );
  const change = fc.record({ place: fc.nat(200), path: fc.array(fc.nat(20), { maxLength: 5 }), junk });
  await fc.assert(
    fc.asyncProperty(stepsArbitrary, fc.array(change, { maxLength: 6 }), async (steps, changes) => {
      const events: unknown[] = [...perfectHistory(steps)];
      for (const { place, path, junk: held } of changes) {
        const at = place % events.length;
        events[at] = spoilt(events[at], path, held);
      }
      const bytes = journalOf(events);

      const history = await historyFromJournal([bytes]);

      expect(told(history)).toEqual(told(theLongWay(bytes)));
    }),
    { numRuns: numRuns * 3 },
  );
});
