import { beforeEach, describe, expect, it } from "vitest";
import type { HistoryEvent, Invocation } from "../../checkers/history/event.ts";
import { streamOf } from "../../workloads/generator/stream.ts";
import type { Judged, WriteAnswer } from "./answer.ts";
import { clientLimits } from "./client-limits.ts";
import { LateCopies, lateCopiesMax } from "./late-copies.ts";
import { ManualClock } from "./manual-clock.fixture.ts";
import type { Trial } from "./pursuit.ts";
import type { Transport, TriedWrite } from "./recorded-store.ts";
import { RequestLog } from "./request-log.ts";

const write: TriedWrite = {
  key: "cart/s1/0",
  write: "7.0",
  context: "ctx-before",
  value: Uint8Array.of(123, 0, 255, 10),
};
const asked = { id: 3 } as Invocation;
const acknowledged: WriteAnswer = { context: "ctx-after", acknowledged: [] };
/** By then every copy has been sent. */
const latestMs = 1_500;

type Sent = { readonly node: string; readonly write: TriedWrite };

/** What was sent, and nodes that acknowledge it, unless they are silent until they are given up. */
class Nodes implements Transport {
  readonly sent: Sent[] = [];
  areSilent = false;

  get(): never {
    throw new Error("nobody reads");
  }

  write(node: string, sent: TriedWrite): Trial<WriteAnswer> {
    this.sent.push({ node, write: sent });
    if (!this.areSilent)
      return { ended: Promise.resolve({ outcome: "ok", answer: acknowledged }), abandon: () => {} };
    const over = new AbortController();
    const ended = new Promise<Judged<WriteAnswer>>((resolve) => {
      over.signal.addEventListener("abort", () =>
        resolve({ outcome: "unknown", error: String(over.signal.reason) }),
      );
    });
    return { ended, abandon: (error) => over.abort(error) };
  }
}

const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
};

describe("late copies", () => {
  let clock: ManualClock;
  let nodes: Nodes;
  let events: HistoryEvent[];
  let log: RequestLog;
  let copies: LateCopies;

  beforeEach(() => {
    clock = new ManualClock();
    nodes = new Nodes();
    events = [];
    log = new RequestLog({ clock, record: (event) => events.push(event) });
    copies = new LateCopies({ clock, log, transport: nodes, chance: streamOf(1, "late copies") });
  });

  it("are not sent unless nodes are named", () => {
    copies.acknowledged(asked, write);
    clock.advance(latestMs);

    expect(nodes.sent).toEqual([]);
    expect(clock.timerCount).toBe(0);
  });

  it("are the write itself, sent some time after it was acknowledged, and recorded as an attempt of its request", async () => {
    copies.sendThrough(["n2"]);
    copies.acknowledged(asked, write);
    clock.advance(499);
    const sentEarly = nodes.sent.length;
    clock.advance(latestMs);
    await turns();

    expect(sentEarly).toBe(0);
    expect(nodes.sent).toEqual([{ node: "n2", write }]);
    expect(nodes.sent[0]?.write.value).toBe(write.value);
    expect(events).toEqual([
      {
        type: "late-copy",
        id: 3,
        at: expect.any(Number),
        attempt: { node: "n2", from: expect.any(Number), until: expect.any(Number), outcome: "ok" },
      },
    ]);
    expect(copies.answeredCount).toBe(1);
  });

  it("go to all the nodes that are named", () => {
    copies.sendThrough(["n1", "n2", "n3"]);
    for (let turn = 0; turn < lateCopiesMax; turn += 1) copies.acknowledged(asked, write);
    clock.advance(latestMs);

    expect(new Set(nodes.sent.map(({ node }) => node))).toEqual(new Set(["n1", "n2", "n3"]));
  });

  it("are bounded in number, those under way included", async () => {
    nodes.areSilent = true;
    copies.sendThrough(["n1"]);
    const burst = (): void => {
      for (let turn = 0; turn < 3 * lateCopiesMax; turn += 1) copies.acknowledged(asked, write);
    };
    burst();
    const waitingCount = clock.timerCount;
    clock.advance(500 + clientLimits.deadlineMs - 1);
    burst();

    expect(waitingCount).toBe(lateCopiesMax);
    expect(nodes.sent.length).toBeLessThanOrEqual(lateCopiesMax);
    clock.advance(latestMs + clientLimits.deadlineMs);
    await turns();
    expect(clock.timerCount).toBe(0);
  });

  it("that get no answer are given up, and their outcome is unknown", async () => {
    nodes.areSilent = true;
    copies.sendThrough(["n1"]);
    copies.acknowledged(asked, write);
    clock.advance(latestMs + clientLimits.deadlineMs);
    await turns();

    expect(events).toMatchObject([{ attempt: { outcome: "unknown", error: "timeout" } }]);
    expect(copies.answeredCount).toBe(0);
  });

  it("that still wait when no node is named any more are let go of", () => {
    copies.sendThrough(["n1"]);
    copies.acknowledged(asked, write);
    copies.sendThrough([]);
    clock.advance(latestMs);

    expect(nodes.sent).toEqual([]);
    expect(clock.timerCount).toBe(0);
  });

  it("are not sent when nothing is recorded any more", () => {
    copies.sendThrough(["n1"]);
    copies.acknowledged(asked, write);
    log.close();
    clock.advance(latestMs);

    expect(nodes.sent).toEqual([]);
  });
});
