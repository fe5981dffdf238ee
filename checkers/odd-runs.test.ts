/** Runs that no sane recorder leaves behind: each ends with a right verdict, or inconclusive with one sentence. */
import { describe, expect, test, vi } from "vitest";
import { cartCheckers } from "./cart-checkers.ts";
import { defaultCarts, generatedCarts } from "./generated-carts.ts";
import type { HistoryEvent } from "./history/event.ts";
import { type History, HistoryBuilder, historyFromJournal, historyOf } from "./history/history.ts";
import { encodeEvent } from "./history/journal.ts";
import { judge } from "./judge.ts";

const isDeep = process.env["TIPCART_DEEP"] === "1";
const crowd = isDeep ? 100_000 : 10_000;
const long = isDeep ? 3_000_000 : 30_000;
vi.setConfig({ testTimeout: isDeep ? 600_000 : 60_000 });

const judged = (history: History) => judge(history, cartCheckers);
const sentences = (history: History): readonly string[] =>
  judged(history).verdicts.map(({ type, summary }) => `${type} ${summary}`);
const small = [...generatedCarts(defaultCarts)];
const invoked = small.filter((event) => event.type === "invoke");

/** So many clients, each with a write of one cart that is never answered. */
const unanswered = function* (count: number): Generator<HistoryEvent> {
  yield* small.slice(0, 1);
  for (let process = 1; process <= count; process++) {
    const base = { type: "invoke", id: process, process, session: "s", operation: `${process}.1` } as const;
    const at = process;
    const written = { write: `${process}.1`, parents: [], digest: `d${process}`, bytes: 1 };
    yield { ...base, kind: "put", key: "cart/0", intended: at, at, written, entry: "n1" };
  }
};

describe("a run", () => {
  test("of a crowd of writes whose outcome nobody knows loses nothing, and proves nothing", () => {
    const history = historyOf(unanswered(crowd));

    const { type, verdicts } = judged(history);

    expect(type).toBe("inconclusive");
    expect(verdicts.filter((verdict) => verdict.type === "violated")).toEqual([]);
    expect(verdicts[0]?.summary).toContain("No write was acknowledged.");
  });

  test("without any event is passed by nobody", () => {
    expect(judged(historyOf([])).verdicts.every(({ type }) => type === "inconclusive")).toBe(true);
  });

  test("whose journal ends in the middle of an event is judged as far as it goes, and not passed", async () => {
    const bytes = Buffer.concat(small.map(encodeEvent));

    const history = await historyFromJournal([bytes.subarray(0, bytes.length - 7)]);

    expect(history.tornBytes).toBeGreaterThan(0);
    expect(judged(history).type).toBe("inconclusive");
    expect(sentences(history).at(-1)).toContain("The run was cut short.");
  });

  test.each([
    ["an id twice", [...small, ...invoked.slice(0, 1)], /Request id 1 follows id \d+, so ids do not ascend/],
    [
      "time going backwards",
      small.map((event) =>
        "at" in event && event.type === "invoke" ? { ...event, at: 9e9 - event.at } : event,
      ),
      /before it was sent|Time goes backwards|before its last one ended/,
    ],
  ])("with %s is inconclusive for every checker, in one sentence", (_, events, sentence) => {
    const said = sentences(historyOf(events));

    expect(said.every((one) => one.startsWith("inconclusive The history does not fit together:"))).toBe(true);
    expect(said[0]).toMatch(sentence);
  });

  test("of millions of requests is judged", () => {
    const builder = new HistoryBuilder();
    for (const event of generatedCarts({ ...defaultCarts, requestCount: long })) builder.add(event);

    const { verdicts } = judged(builder.history());

    expect(verdicts.filter(({ type }) => type === "violated")).toEqual([]);
    expect(verdicts[0]).toMatchObject({ type: "passed" });
  });
});
