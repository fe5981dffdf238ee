import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { HistoryEvent, Invocation } from "../../checkers/history/event.ts";
import { historyOf } from "../../checkers/history/history.ts";
import { ManualClock } from "../client/manual-clock.fixture.ts";
import { found, refused, StubNode, type StubRequest } from "../client/stub-node.fixture.ts";
import { finalReads, surveyOf } from "./final-reads.ts";

/** Answers every request of `node` until it is stopped. */
async function serve(node: StubNode, answer: (request: StubRequest) => void): Promise<never> {
  for (;;) answer(await node.next());
}

describe("the final reads", () => {
  let nodes: readonly StubNode[];
  let events: HistoryEvent[];
  beforeEach(async () => {
    nodes = [await StubNode.start(), await StubNode.start()];
    events = [];
  });
  afterEach(() => Promise.all(nodes.map((node) => node.stop())));

  const read = (keys: readonly string[], signal?: AbortSignal) =>
    finalReads({
      keys,
      nodes: nodes.map((node, index) => ({ node: `n${index + 1}`, httpUrl: node.url })),
      bucket: "carts",
      clock: new ManualClock(),
      record: (event) => events.push(event),
      observe: () => ({ write: "1.0", digest: "d" }),
      firstId: 100,
      firstProcess: 40,
      ...(signal === undefined ? {} : { signal }),
    });
  const invocations = (): Invocation[] => events.filter((event) => event.type === "invoke");

  it("ask every node for every key, each through that node alone", async () => {
    for (const node of nodes) void serve(node, (request) => request.answer(200, found(["v"])));

    const totals = await read(["a", "__proto__", "c"]);

    expect(totals).toEqual({ readCount: 6, failed: [] });
    expect(
      invocations()
        .map(({ key, entry }) => `${key} ${entry}`)
        .toSorted(),
    ).toEqual(["__proto__ n1", "__proto__ n2", "a n1", "a n2", "c n1", "c n2"]);
    expect(invocations().every(({ final }) => final === true)).toBe(true);
    expect(nodes.map(({ requestCount }) => requestCount)).toEqual([3, 3]);
    expect(historyOf(events).defects).toEqual([]);
    expect(Math.min(...invocations().map(({ id }) => id))).toBe(100);
    expect(Math.min(...invocations().map(({ process }) => process))).toBe(40);
  });

  it("are tried again when they fail, and given up after three tries", async () => {
    let failureCount = 0;
    const [good, bad] = nodes;
    if (good === undefined || bad === undefined) throw new Error("two nodes were started");
    void serve(good, (request) => {
      failureCount += 1;
      if (failureCount === 1) request.answer(503, refused("quorum-unmet", "none"));
      else request.answer(404, found([]));
    });
    void serve(bad, (request) => request.answer(503, refused("quorum-unmet", "none")));

    const totals = await read(["a"]);

    expect(totals).toEqual({ readCount: 5, failed: [{ key: "a", node: "n2", error: "quorum-unmet" }] });
    expect(events.filter(({ type }) => type === "fail").length).toBe(4);
  });

  it("stop when they are told to", async () => {
    expect(await read(["a", "b"], AbortSignal.abort())).toEqual({ readCount: 0, failed: [] });
  });
});

describe("the survey of a journal", () => {
  it("knows every key and the next free numbers", () => {
    const asked = { session: "s", operation: "3.0", kind: "get", intended: 0, at: 0, entry: "n1" } as const;

    const survey = surveyOf([
      { type: "invoke", id: 4, process: 3, key: "b", ...asked },
      { type: "invoke", id: 5, process: 9, key: "a", ...asked },
      { type: "ok", id: 5, at: 1, attempts: [] },
      { type: "invoke", id: 6, process: 3, key: "b", ...asked },
    ]);

    expect(survey).toEqual({ keys: ["b", "a"], nextRequestId: 7, nextProcess: 10 });
    expect(surveyOf([])).toEqual({ keys: [], nextRequestId: 0, nextProcess: 0 });
  });
});
