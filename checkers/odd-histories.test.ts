/** Input no sane run leaves behind: each ends with a right verdict, or inconclusive with one sentence, and soon. */
import { describe, expect, it, vi } from "vitest";
import { HistoryReader } from "./exchange/history-reader.ts";
import { type ForeignWorkload, foreignCheck, foreignProblem, foreignWorkloads } from "./foreign-history.ts";

const budget = { now: () => 0, timeLimitMs: 1, memoryWords: 1 << 22 };
const isDeep = process.env["TIPCART_DEEP"] === "1";
const crowd = isDeep ? 1_000_000 : 100_000;
vi.setConfig({ testTimeout: isDeep ? 600_000 : 60_000 });

const judge = (workload: ForeignWorkload, lines: Iterable<string>, isTorn = false) => {
  const check = foreignCheck(workload, { expect: [], budget });
  const reader = new HistoryReader(check);
  const encoder = new TextEncoder();
  for (const line of lines) reader.push(encoder.encode(`${line}\n`));
  if (isTorn) reader.push(encoder.encode('{"type":"invoke","proc'));
  reader.end();
  return check.finish();
};

const line = (type: string, process: number, f: string, value: unknown, more = {}): string =>
  JSON.stringify({ ...more, type, process, f, value });

/** A right history of each workload, as short as it can be to be judged. */
const right: Readonly<
  Record<ForeignWorkload, readonly (readonly [f: string, asked: unknown, answer: unknown])[]>
> = {
  "list-append": [
    ["txn", [["append", 1, 1]], [["append", 1, 1]]],
    ["txn", [["r", 1, null]], [["r", 1, [1]]]],
  ],
  "rw-register": [
    ["txn", [["w", 1, 1]], [["w", 1, 1]]],
    ["txn", [["r", 1, null]], [["r", 1, 1]]],
  ],
  register: [
    ["write", 1, 1],
    ["read", null, 1],
  ],
  set: [
    ["add", 1, 1],
    ["read", null, [1]],
  ],
  "set-full": [
    ["add", 1, 1],
    ["read", null, [1]],
  ],
  counter: [
    ["add", 1, 1],
    ["read", null, 1],
  ],
  "pn-counter": [
    ["add", 1, 1],
    ["read", null, 1],
  ],
  queue: [
    ["enqueue", 1, 1],
    ["drain", null, [1]],
  ],
  "unique-ids": [
    ["generate", null, 1],
    ["generate", null, 2],
  ],
  bank: [
    ["read", null, { a: 5, b: 5 }],
    ["read", null, { a: 4, b: 6 }],
  ],
};

const linesOf = (
  workload: ForeignWorkload,
  more: (place: number) => object = () => ({}),
): readonly string[] =>
  right[workload]
    .flatMap(([f, asked, answer]) => [["invoke", f, asked] as const, ["ok", f, answer] as const])
    .map(([type, f, value], place) => line(type, 0, f, value, more(place)));

describe.each(foreignWorkloads)("a history of %s", (workload) => {
  it("that is right passes", () => {
    expect(judge(workload, linesOf(workload)).type).toBe("passed");
  });

  it("that is empty is inconclusive", () => {
    expect(judge(workload, [])).toMatchObject({ type: "inconclusive", anomalyCount: 0 });
  });

  it("that ends in the middle of a line is inconclusive, and says where", () => {
    const verdict = judge(workload, linesOf(workload), true);

    expect([verdict.type, verdict.summary]).toEqual([
      "inconclusive",
      expect.stringContaining("the middle of line 5"),
    ]);
  });

  it("that has a line of something else in it is inconclusive, and says which", () => {
    const verdict = judge(workload, [...linesOf(workload), "what is this"]);

    expect([verdict.type, verdict.summary]).toEqual([
      "inconclusive",
      expect.stringContaining("line 5: this is not JSON"),
    ]);
  });

  it("in which a process invokes twice is inconclusive at best", () => {
    const [first = "", ...rest] = linesOf(workload);

    expect(judge(workload, [first, first, ...rest]).type).not.toBe("passed");
  });
});

describe.each(["list-append", "rw-register"] as const)("a history of %s", (workload) => {
  it("with an index that is there twice is inconclusive", () => {
    const verdict = judge(
      workload,
      linesOf(workload, (place) => ({ index: Math.min(place, 2) })),
    );

    expect([verdict.type, verdict.summary]).toEqual([
      "inconclusive",
      expect.stringContaining("index 2 is there twice"),
    ]);
  });

  it("whose time goes backwards is inconclusive, and not judged by time", () => {
    const verdict = judge(
      workload,
      linesOf(workload, (place) => ({ time: 10 - place })),
    );

    expect([verdict.type, verdict.summary]).toEqual([
      "inconclusive",
      expect.stringContaining("time goes backwards"),
    ]);
  });

  it("with a hundred thousand transactions open at once, forever, is judged", () => {
    const f = workload === "list-append" ? "append" : "w";
    const lines = function* (): Generator<string> {
      for (let process = 1; process <= crowd; process++)
        yield line("invoke", process, "txn", [[f, 1, process]]);
      yield* linesOf(workload).slice(2);
    };

    expect(judge(workload, lines()).type).toBe("passed");
  });

  it("in which a crowd ends before a crowd begins is judged in linear time", () => {
    const f = workload === "list-append" ? "append" : "w";
    const lines = function* (): Generator<string> {
      for (const round of [0, 1]) {
        for (const type of ["invoke", "ok"])
          for (let process = 1; process <= 30_000; process++)
            yield line(type, process, "txn", [[f, 1, round * 30_000 + process]]);
      }
      yield* linesOf(workload).slice(2);
    };

    expect(judge(workload, lines())).toMatchObject({
      type: "violated",
      anomalies: [{ type: "G-single-item-realtime" }],
    });
  });
});

/** Forty swaps at once on values that forty writes may or may not have made. */
const undecidable = function* (): Generator<string> {
  for (let process = 1; process <= 40; process++) yield line("invoke", process, "write", process % 7);
  for (let process = 41; process <= 80; process++)
    yield line("invoke", process, "cas", [process % 7, (process * 3) % 7]);
  for (let process = 41; process <= 80; process++)
    yield line("ok", process, "cas", [process % 7, (process * 3) % 7]);
};

describe("a register", () => {
  it.each(["write", "cas"])("with a hundred thousand %s open at once, forever, is judged", (f) => {
    const lines = function* (): Generator<string> {
      for (let process = 1; process <= crowd; process++)
        yield line("invoke", process, f, f === "write" ? process : [process - 1, process]);
      yield line("invoke", 0, "read", null);
      yield line("ok", 0, "read", f === "write" ? 7 : null);
    };

    expect(judge("register", lines()).type).toBe("passed");
  });

  it("that no search can decide in time is inconclusive, and says so", () => {
    const check = foreignCheck("register", {
      expect: [],
      budget: { now: () => 0, timeLimitMs: 1, memoryWords: 2000 },
    });
    const reader = new HistoryReader(check);
    for (const text of undecidable()) reader.push(new TextEncoder().encode(`${text}\n`));
    reader.end();
    const verdict = check.finish();

    expect([verdict.type, verdict.summary]).toEqual([
      "inconclusive",
      expect.stringContaining("within the memory"),
    ]);
  });
});

describe("an expectation", () => {
  it("is refused in one sentence when the workload cannot be judged by it", () => {
    expect(foreignProblem("register", ["regular"])).toBeUndefined();
    expect(foreignProblem("list-append", ["serializable", "PL-2"])).toBeUndefined();
    expect(foreignProblem("queue", ["linearizable"])).toBe(
      "a queue can be expected to be nothing but itself, not linearizable",
    );
    expect(foreignProblem("rw-register", ["fast"])).toMatch(/^unknown consistency model fast; known are /);
  });
});
