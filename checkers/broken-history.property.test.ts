/** Valid histories pass; the same histories, broken in a known way, are condemned by the checker that claims it. */
import * as fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { ackedAdds } from "./acked-adds.ts";
import { ackedWrites } from "./acked-writes.ts";
import { cartCheckers } from "./cart-checkers.ts";
import { convergence } from "./convergence.ts";
import { freshness } from "./freshness.ts";
import type { HistoryEvent, Observed } from "./history/event.ts";
import { historyOf } from "./history/history.ts";
import { judge } from "./judge.ts";
import { perfectHistory, stepsArbitrary } from "./perfect-store.fixture.ts";
import { phantoms } from "./phantoms.ts";
import { resurfacing } from "./resurfacing.ts";
import type { Verdict } from "./verdict.ts";

const numRuns = process.env["TIPCART_DEEP"] === "1" ? 5000 : 100;

vi.setConfig({ testTimeout: 600_000 });

/** An event, another in its place, or nothing. */
type Change = (event: HistoryEvent, index: number) => HistoryEvent | undefined;

const changed = (events: readonly HistoryEvent[], change: Change): HistoryEvent[] =>
  events.flatMap((event, index) => change(event, index) ?? []);

const finalIds = (events: readonly HistoryEvent[]): ReadonlySet<number> =>
  new Set(events.flatMap((event) => (event.type === "invoke" && event.final === true ? [event.id] : [])));

/** The versions that the final reads return. */
const finalWrites = (events: readonly HistoryEvent[]): ReadonlySet<string | null> => {
  const ids = finalIds(events);
  const completions = events.filter((event) => event.type === "ok" && ids.has(event.id));
  return new Set(
    completions.flatMap((event) =>
      event.type === "ok" ? (event.observed ?? []).map(({ write }) => write) : [],
    ),
  );
};

/** Changes the versions that one read returned: the `pick`-th of those that returned any. */
const withOtherAnswer = (
  events: readonly HistoryEvent[],
  pick: number,
  answer: (observed: readonly Observed[]) => readonly Observed[],
): HistoryEvent[] | undefined => {
  const answered = events.filter((event) => event.type === "ok" && (event.observed ?? []).length > 0);
  const chosen = answered[pick % Math.max(1, answered.length)];
  if (chosen === undefined) return undefined;
  return changed(events, (event) =>
    event === chosen && event.type === "ok" ? { ...event, observed: answer(event.observed ?? []) } : event,
  );
};

/** Changes the contents of every version that the final reads return. */
const withOtherContents = (
  events: readonly HistoryEvent[],
  change: (contents: { live: readonly { tag: string }[]; removed: readonly string[] }) => object,
): HistoryEvent[] => {
  const finals = finalWrites(events);
  return changed(events, (event) => {
    if (event.type !== "invoke" || event.written?.contents?.codec !== "tagged") return event;
    if (!finals.has(event.written.write)) return event;
    const contents = { ...event.written.contents, ...change(event.written.contents) };
    return { ...event, written: { ...event.written, contents } };
  });
};

const typesIn = ({ anomalies }: Verdict): string[] => anomalies.map(({ type }) => type);

/** Runs `breaking` on many histories; one that it cannot break says undefined and is passed over. */
const demands = (
  breaking: (
    events: HistoryEvent[],
    pick: number,
    steps: Parameters<typeof perfectHistory>[0],
  ) => HistoryEvent[] | undefined,
  expected: (broken: HistoryEvent[]) => void,
): void => {
  let brokenCount = 0;
  fc.assert(
    fc.property(stepsArbitrary, fc.nat(1000), (steps, pick) => {
      const broken = breaking(perfectHistory(steps), pick, steps);
      if (broken === undefined) return;
      brokenCount += 1;
      expected(broken);
    }),
    { numRuns },
  );
  expect(brokenCount).toBeGreaterThan(numRuns / 20);
};

describe("a history of a perfect store", () => {
  test("is condemned by no checker", () => {
    fc.assert(
      fc.property(stepsArbitrary, (steps) => {
        const history = historyOf(perfectHistory(steps));

        const verdicts = cartCheckers.map((checker) => checker.check(history));

        expect(history.defects).toEqual([]);
        for (const verdict of verdicts) expect(verdict).toMatchObject({ anomalies: [], anomalyCount: 0 });
      }),
      { numRuns },
    );
  });
});

describe("a history of a perfect store, broken", () => {
  test("by an acknowledged write that the store dropped: lost-write", () =>
    demands(
      (_, pick, steps) => {
        const kept = steps.map(
          (step) => ({ ...step, wish: step.wish === "delete" ? "merge" : step.wish }) as const,
        );
        const acknowledged = kept.filter(({ wish, end }) => wish !== "read" && end === "ok").length;
        return acknowledged === 0 ? undefined : perfectHistory(kept, pick % acknowledged);
      },
      (broken) => {
        const verdict = ackedWrites.check(historyOf(broken));

        expect(verdict).toMatchObject({ type: "violated", anomalyCount: 1 });
      },
    ));

  test("by an acknowledged add that the store dropped, where nothing is deleted: lost-add and a stale read", () =>
    demands(
      (_, pick, steps) => {
        const adds = steps.map((step) => ({ ...step, wish: "add" as const, end: "ok" as const }));
        return perfectHistory(adds, pick % adds.length);
      },
      (broken) => {
        const history = historyOf(broken);

        expect(ackedWrites.check(history)).toMatchObject({ type: "violated", anomalyCount: 1 });
        expect(ackedAdds.check(history)).toMatchObject({ type: "violated", anomalyCount: 1 });
        expect(typesIn(freshness.check(history))).toContain("stale-read");
      },
    ));

  test("by a version that nobody wrote: phantom-value", () =>
    demands(
      (events, pick) => withOtherAnswer(events, pick, (seen) => [...seen, { write: "77.7", digest: "x" }]),
      (broken) => expect(typesIn(phantoms.check(historyOf(broken)))).toEqual(["phantom-value"]),
    ));

  test("by bytes that name no write: phantom-value", () =>
    demands(
      (events, pick) => withOtherAnswer(events, pick, () => [{ write: null, digest: "x" }]),
      (broken) => expect(typesIn(phantoms.check(historyOf(broken)))).toEqual(["phantom-value"]),
    ));

  test("by a flipped digest: damaged-value", () =>
    demands(
      (events, pick) =>
        withOtherAnswer(events, pick, ([first, ...rest]) => [
          { write: first?.write ?? "", digest: "flipped" },
          ...rest,
        ]),
      (broken) => expect(typesIn(phantoms.check(historyOf(broken)))).toEqual(["damaged-value"]),
    ));

  test("by a version of another key: foreign-value", () =>
    demands(
      (events, pick) => {
        const other = events.find(
          (event) => event.type === "invoke" && event.written !== undefined && event.written.digest !== "",
        );
        if (other?.type !== "invoke" || other.written === undefined) return undefined;
        const { write, digest } = other.written;
        const moved = withOtherAnswer(events, pick, () => [{ write, digest }]);
        const changedId = moved?.find((event, index) => event !== events[index]);
        const read = events.find(
          (event) => event.type === "invoke" && changedId?.type === "ok" && event.id === changedId.id,
        );
        return read?.type === "invoke" && read.key !== other.key ? moved : undefined;
      },
      (broken) => expect(typesIn(phantoms.check(historyOf(broken)))).toContain("foreign-value"),
    ));

  test("by calling a write failed that was read: failed-write-seen", () =>
    demands(
      (events) => {
        const finals = finalWrites(events);
        const seen = events.find(
          (event) =>
            event.type === "invoke" && event.written !== undefined && finals.has(event.written.write),
        );
        if (seen?.type !== "invoke") return undefined;
        return changed(events, (event) =>
          event.type !== "invoke" && "id" in event && event.id === seen.id && event.type !== "fault"
            ? { type: "fail", id: seen.id, at: event.at, attempts: [], error: "quorum-unmet" }
            : event,
        );
      },
      (broken) => expect(typesIn(phantoms.check(historyOf(broken)))).toEqual(["failed-write-seen"]),
    ));

  test("by a codec that forgets an add: lost-add, though no write is lost", () =>
    demands(
      (events) => {
        const acknowledged = new Set(events.flatMap((event) => (event.type === "ok" ? [event.id] : [])));
        const finals = finalWrites(events);
        const shown = events.flatMap((event) =>
          event.type === "invoke" &&
          finals.has(event.written?.write ?? "") &&
          event.written?.contents?.codec === "tagged"
            ? event.written.contents.live.map(({ tag }) => tag)
            : [],
        );
        const added = events.flatMap((event) =>
          event.type === "invoke" && acknowledged.has(event.id)
            ? (event.written?.effect?.adds ?? []).map(({ tag }) => tag)
            : [],
        );
        const removed = events.flatMap((event) =>
          (event.type === "invoke" ? (event.written?.effect?.removes ?? []) : []).flatMap(
            ({ observed }) => observed,
          ),
        );
        const tag = added.find((one) => shown.includes(one) && !removed.includes(one));
        if (tag === undefined) return undefined;
        return withOtherContents(events, ({ live }) => ({ live: live.filter((line) => line.tag !== tag) }));
      },
      (broken) => {
        const history = historyOf(broken);

        expect(typesIn(ackedAdds.check(history))).toContain("lost-add");
        expect(ackedWrites.check(history).type).toBe("passed");
      },
    ));

  test("by a codec that forgets a remove: resurfaced-tag", () =>
    demands(
      (events) => {
        const finals = finalWrites(events);
        const dead = events.flatMap((event) =>
          event.type === "invoke" &&
          finals.has(event.written?.write ?? "") &&
          event.written?.contents?.codec === "tagged"
            ? event.written.contents.removed
            : [],
        );
        const tag = dead[0];
        if (tag === undefined) return undefined;
        return withOtherContents(events, ({ live, removed }) => ({
          live: [...live, { tag, item: tag.split("/")[1] ?? "", quantity: 1 }],
          removed: removed.filter((one) => one !== tag),
        }));
      },
      (broken) => expect(typesIn(resurfacing.check(historyOf(broken)))).toContain("resurfaced-tag"),
    ));

  test("by a deleted key that returns: resurrected-key", () =>
    demands(
      (events) => {
        const acknowledged = new Set(events.flatMap((event) => (event.type === "ok" ? [event.id] : [])));
        const written = new Map(
          events.flatMap((event) =>
            event.type === "invoke" && event.written !== undefined
              ? [[event.written.write, event] as const]
              : [],
          ),
        );
        const deletion = [...written.values()].find(
          (event) =>
            event.kind === "delete" &&
            acknowledged.has(event.id) &&
            event.written?.parents.some((parent) => written.get(parent)?.kind === "put"),
        );
        const victim = deletion?.written?.parents.find((parent) => written.get(parent)?.kind === "put");
        if (deletion === undefined || victim === undefined) return undefined;
        const reads = new Set(
          events.flatMap((event) =>
            event.type === "invoke" && event.final === true && event.key === deletion.key ? [event.id] : [],
          ),
        );
        return changed(events, (event) =>
          event.type === "ok" && reads.has(event.id)
            ? { ...event, observed: [{ write: victim, digest: `digest-of-${victim}` }], tombstones: [] }
            : event,
        );
      },
      (broken) => expect(typesIn(resurfacing.check(historyOf(broken)))).toContain("resurrected-key"),
    ));

  test("by one replica in another state: divergent-replicas", () =>
    demands(
      (events, pick) => {
        const dumps = events.filter((event) => event.type === "dump");
        const chosen = dumps[pick % Math.max(1, dumps.length)];
        if (chosen === undefined) return undefined;
        return changed(events, (event) => (event === chosen ? { ...chosen, state: "other" } : event));
      },
      (broken) => expect(typesIn(convergence.check(historyOf(broken)))).toEqual(["divergent-replicas"]),
    ));

  test("by a home without a copy: missing-copy", () =>
    demands(
      (events, pick) => {
        const dumps = events.filter((event) => event.type === "dump");
        const chosen = dumps[pick % Math.max(1, dumps.length)];
        return chosen === undefined
          ? undefined
          : changed(events, (event) => (event === chosen ? undefined : event));
      },
      (broken) => expect(typesIn(convergence.check(historyOf(broken)))).toEqual(["missing-copy"]),
    ));

  test("by one node that answers the final read otherwise: divergent-final-reads", () =>
    demands(
      (events) => {
        const ids = finalIds(events);
        const last = events.findLast(
          (event) => event.type === "ok" && ids.has(event.id) && (event.observed ?? []).length > 0,
        );
        return last === undefined
          ? undefined
          : changed(events, (event) =>
              event === last && event.type === "ok" ? { ...event, observed: [] } : event,
            );
      },
      (broken) => expect(typesIn(convergence.check(historyOf(broken)))).toEqual(["divergent-final-reads"]),
    ));

  test("by an id used twice, in whatever place: every verdict inconclusive, none thrown", () =>
    demands(
      (events, pick) => {
        const requests = events.filter((event) => event.type === "invoke");
        const twice = requests[pick % requests.length];
        return twice === undefined ? undefined : [...events.slice(0, -1), twice, ...events.slice(-1)];
      },
      (broken) => {
        const judgement = judge(historyOf(broken), cartCheckers);

        expect(judgement.verdicts.every(({ type }) => type === "inconclusive")).toBe(true);
        expect(judgement.defects).toHaveLength(1);
      },
    ));
});
