/**
 * The workload against a store that is right but often behind, judged by the checkers that will judge real ones: a
 * clean history must raise no alarm, and a store that forgets a write must raise one, or the first says nothing.
 */
import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { HistoryEvent, Invocation, RunStarted } from "../../checkers/history/event.ts";
import { historyOf } from "../../checkers/history/history.ts";
import { type Judgement, judge } from "../../checkers/judge.ts";
import { type Codec, catalog } from "../catalog.ts";
import { SiblingStore, type StoreFaults } from "../sibling-store.fixture.ts";
import type { Population } from "../workload.ts";
import { readShare } from "./cart-scale.ts";
import { mix, requestsPerWish } from "./cart-wish.ts";

const seeds = Array.from(
  { length: process.env["TIPCART_DEEP"] === undefined ? 3 : 40 },
  (_, index) => index + 1,
);

const calmStore: StoreFaults = { unknown: 0, refused: 0, exchanged: 1 };
const roughStore: StoreFaults = { unknown: 0.03, refused: 0.03, exchanged: 0.3 };

const populationOf = (seed: number, codec: Codec): Population => {
  const entry = catalog.get("shopping-cart");
  if (entry === undefined) throw new Error("the catalogue has no shopping-cart");
  return entry.create({ seed, codec, keys: "zipfian" });
};

const runStarted = (codec: Codec): RunStarted => ({
  type: "run",
  schema: 1,
  name: "shopping-cart",
  seed: 1,
  startedWallMs: 0,
  workload: "shopping-cart",
  nodes: ["n1", "n2", "n3"],
  promises: { n: 3, r: 2, w: 2, pr: 0, pw: 0, sloppy: true, versions: "dvv", codec },
  phases: [],
  objectives: [],
  expect: [],
});

async function eventsOf(
  wanted: { readonly seed: number; readonly codec: Codec; readonly count: number },
  faults: StoreFaults,
): Promise<HistoryEvent[]> {
  const population = populationOf(wanted.seed, wanted.codec);
  const store = new SiblingStore(wanted.seed, faults, population.observe);
  const arrivals = Array.from({ length: wanted.count }, (_, index) => population.arrival(index));
  await store.run(arrivals, 12);
  return [runStarted(wanted.codec), ...store.events];
}

const judged = (events: readonly HistoryEvent[], codec: Codec): Judgement =>
  judge(historyOf(events), populationOf(1, codec).checkers);

const anomaliesIn = ({ verdicts }: Judgement): string[] =>
  verdicts.filter(({ type }) => type === "violated").map(({ checker, summary }) => `${checker}: ${summary}`);

const invocations = (events: readonly HistoryEvent[]): Invocation[] =>
  events.filter((event) => event.type === "invoke");

/** The wishes of a fresh population, asked for in this order; by number. */
const wishesIn = (order: readonly number[]): unknown[] => {
  const { arrival } = populationOf(11, "tagged");
  const drawn = new Map(order.map((index) => [index, arrival(index).wish]));
  return order.toSorted((a, b) => a - b).map((index) => drawn.get(index));
};

describe("the plan of a shopping cart run", () => {
  it("is the same for the same seed, now and in later versions, in whatever order it is asked for", () => {
    const order = Array.from({ length: 500 }, (_, index) => index);

    const plan = wishesIn(order);

    expect(wishesIn(order.toReversed())).toEqual(plan);
    expect(createHash("sha1").update(JSON.stringify(plan)).digest("hex")).toBe(
      "414a4206b5c23fbf4ffe72ae56b4d08aa6d38a3c",
    );
  });

  it("is another one for another seed", () => {
    expect(populationOf(1, "tagged").arrival(0).wish).not.toEqual(populationOf(2, "tagged").arrival(0).wish);
  });
});

describe("a shopping cart history", () => {
  it.each(["tagged", "union"] as const)(
    "of a store that is only behind raises no alarm: %s carts",
    async (codec) => {
      for (const seed of seeds) {
        const judgement = judged(await eventsOf({ seed, codec, count: 1_000 }, roughStore), codec);

        expect(judgement.defects).toEqual([]);
        expect(anomaliesIn(judgement)).toEqual([]);
      }
    },
    300_000,
  );

  it("raises an alarm when one acknowledged add is forgotten by all replicas", async () => {
    const events = await eventsOf({ seed: 1, codec: "tagged", count: 300 }, calmStore);
    const forgotten = invocations(events).findLast(
      ({ kind, key }) => kind === "put" && key.startsWith("once/"),
    )?.written?.write;

    const without = events.map((event) =>
      event.type === "ok" && event.observed?.some(({ write }) => write === forgotten) === true
        ? { ...event, observed: [] }
        : event,
    );

    expect(forgotten).toBeDefined();
    expect(anomaliesIn(judged(without, "tagged")).join()).toContain("1 of");
  });

  it("is the same for the same seed", async () => {
    const wanted = { seed: 5, codec: "tagged", count: 200 } as const;

    expect(await eventsOf(wanted, roughStore)).toEqual(await eventsOf(wanted, roughStore));
  });

  it("has concurrent versions, old contexts, deletes and closed carts in it", async () => {
    const events = await eventsOf({ seed: 1, codec: "tagged", count: 1_500 }, roughStore);
    const actions = invocations(events).map(({ written }) => written?.effect?.action);
    const reads = new Set(
      invocations(events)
        .filter(({ kind }) => kind === "get")
        .map(({ operation }) => operation),
    );
    const oldContexts = invocations(events).filter(
      ({ operation, written }) => written?.effect?.action === "add" && !reads.has(operation),
    );
    const siblingCounts = events.map((event) => (event.type === "ok" ? (event.observed?.length ?? 0) : 0));
    const tombstones = events.filter((event) => event.type === "ok" && (event.tombstones?.length ?? 0) > 0);
    const generations = new Set(invocations(events).map(({ key }) => key.split("/")[2]));

    expect(new Set(actions)).toEqual(
      new Set([undefined, "merge", "order", "one-shot", "blind", "checkout", "delete", "add", "remove"]).add(
        "set-quantity",
      ),
    );
    expect(oldContexts.length).toBeGreaterThan(10);
    expect(siblingCounts.filter((count) => count > 1).length).toBeGreaterThan(50);
    expect(tombstones.length).toBeGreaterThan(5);
    expect(generations.size).toBeGreaterThan(3);
  });

  it("reads no one-shot key before the final reads", async () => {
    const events = await eventsOf({ seed: 1, codec: "tagged", count: 400 }, calmStore);
    const reads = invocations(events).filter(({ kind, key }) => kind === "get" && key.startsWith("once/"));

    expect(reads.length).toBeGreaterThan(0);
    expect(reads.every(({ final }) => final === true)).toBe(true);
  });

  it("costs about as many requests as the mix says, and as many of them reads", async () => {
    const count = 2_500;
    const events = await eventsOf({ seed: 9, codec: "tagged", count }, calmStore);

    const perWish = invocations(events).filter(({ final }) => final !== true).length / count;

    expect(perWish / requestsPerWish).toBeGreaterThan(0.93);
    expect(perWish / requestsPerWish).toBeLessThan(1.07);
    const underLoad = invocations(events).filter(({ final }) => final !== true);
    const reads = underLoad.filter(({ kind }) => kind === "get").length / underLoad.length;
    expect(Math.abs(reads - readShare)).toBeLessThan(0.03);
  });

  it("names in every write exactly the versions that its read had returned", async () => {
    const events = await eventsOf({ seed: 3, codec: "tagged", count: 400 }, roughStore);
    const seen = new Map<string, readonly string[]>();
    const openReads = new Map<number, Invocation>();
    const wrong: string[] = [];
    for (const event of events) {
      if (event.type === "invoke" && event.kind === "get") openReads.set(event.id, event);
      const read = event.type === "ok" ? openReads.get(event.id) : undefined;
      if (event.type === "ok" && read !== undefined) {
        const writes = event.observed?.flatMap(({ write }) => (write === null ? [] : [write])) ?? [];
        seen.set(`${read.operation} ${read.key}`, [...writes, ...(event.tombstones ?? [])].toSorted());
      }
      if (event.type !== "invoke" || event.written?.effect === undefined) continue;
      const before = seen.get(`${event.operation} ${event.key}`);
      const { parents, write } = event.written;
      if (before !== undefined && parents.join() !== before.join()) wrong.push(write);
    }

    expect(seen.size).toBeGreaterThan(200);
    expect(wrong).toEqual([]);
  });
});

describe("the mix", () => {
  it("asks for every action about as often as its weight says", () => {
    const population = populationOf(1, "tagged");
    const counts = new Map<string, number>();
    for (let index = 0; index < 20_000; index++) {
      const { wish } = population.arrival(index);
      const action = "action" in wish ? String(wish.action) : "";
      counts.set(action, (counts.get(action) ?? 0) + 1);
    }

    for (const { action, weight } of mix) {
      expect(Math.abs((counts.get(action) ?? 0) - 200 * weight)).toBeLessThan(4 * Math.sqrt(200 * weight));
    }
  });

  it("gives every third shopper two devices, which enter at different nodes", () => {
    const population = populationOf(1, "tagged");
    const wishes = Array.from({ length: 5_000 }, (_, index) => population.arrival(index).wish);

    const sessions = new Set(wishes.map(({ session }) => session));
    const pairs = [...sessions].filter((session) => sessions.has(session.replace("/phone", "/laptop")));

    expect([...sessions].filter((session) => session.endsWith("/laptop")).length).toBeGreaterThan(50);
    for (const phone of pairs.filter((session) => /^s\d*[02468]\/phone$/.test(session))) {
      const entryOf = (session: string): number | undefined =>
        wishes.find((wish) => wish.session === session)?.entry;
      const laptop = entryOf(phone.replace("/phone", "/laptop"));
      expect((laptop ?? 0) - (entryOf(phone) ?? 0)).toBe(1);
    }
  });
});
