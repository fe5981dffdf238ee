/** Every workload against a store that is right but often behind: its own checkers find nothing; and they can. */
import { describe, expect, it } from "vitest";
import type { HistoryEvent, RunStarted } from "../checkers/history/event.ts";
import { historyOf } from "../checkers/history/history.ts";
import { judge } from "../checkers/judge.ts";
import { catalog } from "./catalog.ts";
import { SiblingStore, type StoreFaults } from "./sibling-store.fixture.ts";
import type { Population } from "./workload.ts";

const calmStore: StoreFaults = { unknown: 0, refused: 0, exchanged: 1 };
const roughStore: StoreFaults = { unknown: 0.03, refused: 0.03, exchanged: 0.3 };
const isDeep = process.env["TIPCART_DEEP"] === "1";
const seeds = Array.from({ length: isDeep ? 40 : 3 }, (_, index) => index + 1);

const populationOf = (name: string, seed: number): Population => {
  const entry = catalog.get(name);
  if (entry === undefined) throw new Error(`the catalogue has no ${name}`);
  return entry.create({ seed, codec: "tagged", keys: "zipfian" });
};

const runStarted = (workload: string): RunStarted => ({
  type: "run",
  schema: 1,
  name: workload,
  seed: 1,
  startedWallMs: 0,
  workload,
  nodes: ["n1", "n2", "n3"],
  promises: { n: 3, r: 2, w: 2, pr: 0, pw: 0, sloppy: true, versions: "dvv", codec: "tagged" },
  phases: [],
  objectives: [],
  expect: [],
});

const eventsOf = async (name: string, seed: number, faults: StoreFaults): Promise<HistoryEvent[]> => {
  const population = populationOf(name, seed);
  const store = new SiblingStore(seed, faults, population.observe);
  await store.run(
    Array.from({ length: 1_500 }, (_, index) => population.arrival(index)),
    12,
  );
  return [runStarted(name), ...store.events];
};

/** Of the checkers that the workload names: which found something, in a history that fits together. */
const alarmsIn = (name: string, events: readonly HistoryEvent[]): string[] => {
  const history = historyOf(events);
  expect(history.defects).toEqual([]);
  const { verdicts } = judge(history, catalog.get(name)?.checkers ?? []);
  return verdicts.filter(({ type }) => type === "violated").map(({ checker }) => checker);
};

/** Without anything that any read has seen of the write that was acknowledged last. */
const forgetting = (events: readonly HistoryEvent[]): HistoryEvent[] => {
  const acknowledged = new Set(events.flatMap((event) => (event.type === "ok" ? [event.id] : [])));
  const last = events.findLast(
    (event) => event.type === "invoke" && event.kind === "put" && acknowledged.has(event.id),
  );
  const lost = last?.type === "invoke" ? last.written?.write : undefined;
  return events.map((event) =>
    event.type === "ok" && event.observed !== undefined
      ? { ...event, observed: event.observed.filter(({ write }) => write !== lost) }
      : event,
  );
};

const beside = [...catalog.keys()].filter((name) => name !== "shopping-cart");

describe.each(beside)("the workload %s", (name) => {
  it("asks for the same in whatever order it is asked", () => {
    const wishes = (order: readonly number[]) => {
      const { arrival } = populationOf(name, 7);
      const drawn = new Map(order.map((index) => [index, arrival(index).wish]));
      return order.toSorted((a, b) => a - b).map((index) => drawn.get(index));
    };
    const order = Array.from({ length: 200 }, (_, index) => index);

    expect(wishes(order.toReversed())).toEqual(wishes(order));
    expect(populationOf(name, 8).arrival(0).wish).not.toEqual(populationOf(name, 7).arrival(0).wish);
  });

  it("makes as many requests a wish as it says", async () => {
    const events = await eventsOf(name, 1, calmStore);
    const count = events.filter((event) => event.type === "invoke" && event.final !== true).length;

    expect(count / 1_500).toBeGreaterThan(0.85 * populationOf(name, 1).requestsPerWish);
    expect(count / 1_500).toBeLessThan(1.15 * populationOf(name, 1).requestsPerWish);
  });

  // A register is promised by quorums that meet, which the store of this test, a replica a request, is none of.
  it.skipIf(name === "register")("raises no alarm at a store that is only behind", async () => {
    for (const seed of seeds) expect(alarmsIn(name, await eventsOf(name, seed, roughStore))).toEqual([]);
  });

  it("raises an alarm when an acknowledged write is forgotten", async () => {
    expect(alarmsIn(name, forgetting(await eventsOf(name, 1, calmStore)))).toContain("acked-writes");
  });
});

describe("the workload register", () => {
  it("raises the alarm of registers, and no other, at a store that answers from one replica", async () => {
    expect(alarmsIn("register", await eventsOf("register", 1, roughStore))).toEqual(["registers"]);
  });
});

describe("the workload grow-only-set", () => {
  it("raises the alarm of sets when an acknowledged element is forgotten", async () => {
    const events = forgetting(await eventsOf("grow-only-set", 1, calmStore));

    expect(alarmsIn("grow-only-set", events)).toContain("grown-sets");
  });
});
