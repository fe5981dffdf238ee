import { expect, test } from "vitest";
import type { TraceEvent } from "../ports/trace.ts";
import { EventTrigger } from "./event-trigger.ts";
import { type Moment, momentNamed, moments } from "./moments.ts";

const name = { bucket: "carts", key: "ada" };
const tree = { partition: 1, copies: 3 };
const acked: TraceEvent = {
  type: "replica-acked",
  ...name,
  from: "n2",
  role: "home",
  durability: "synced",
  isAwaited: true,
};

/** An event of each moment, and some that come close and are none. */
const events: Readonly<Record<Moment, { readonly is: TraceEvent; readonly isNot: readonly TraceEvent[] }>> = {
  "write-minted": {
    is: { type: "write-minted", ...name, writeId: "w", dot: { actor: "n1", counter: 1 }, isRetry: false },
    isNot: [{ type: "write-minted", ...name, writeId: "w", dot: { actor: "n1", counter: 1 }, isRetry: true }],
  },
  "replica-sent": { is: { type: "replica-sent", ...name, to: "n2" }, isNot: [acked] },
  "state-appended": {
    is: { type: "state-appended", ...name, durability: "synced", writeIds: ["w"] },
    isNot: [{ type: "hint-stored", ...name, target: "n3" }],
  },
  "replica-acked": {
    is: acked,
    isNot: [
      { ...acked, from: "n1" },
      { ...acked, isAwaited: false },
    ],
  },
  "write-answered": {
    is: { type: "write-answered", ...name, outcome: "ok", degraded: false },
    isNot: [{ type: "write-answered", ...name, outcome: "info", degraded: false }],
  },
  "hint-stored": {
    is: { type: "hint-stored", ...name, target: "n3" },
    isNot: [{ type: "hint-refused", ...name, target: "n3", reason: "storage" }],
  },
  "hint-delivered": { is: { type: "hint-delivered", ...name, target: "n3" }, isNot: [] },
  "repair-sent": {
    is: { type: "read-repair-sent", ...name, to: "n2" },
    isNot: [{ type: "read-repaired", ...name, to: "n2" }],
  },
  "tree-compared": {
    is: { type: "tree-compared", peer: "n2", partition: 1, differingKeyCount: 2 },
    isNot: [{ type: "tree-compared", peer: "n2", partition: 1, differingKeyCount: 0 }],
  },
  "transfer-accepted": { is: { type: "transfer-accepted", to: "n4", step: "stream", ...tree }, isNot: [] },
  "transfer-streamed": { is: { type: "transfer-streamed", to: "n4", keyCount: 5, ...tree }, isNot: [] },
  "transfer-sealed": { is: { type: "transfer-sealed", from: "n2", ...tree }, isNot: [] },
};

test.each([...moments.keys()])(
  "a node armed with %s stops at that event, once, and at no other",
  (moment) => {
    let stopCount = 0;
    const trigger = new EventTrigger("n1", () => {
      stopCount += 1;
    });
    const { is, isNot } = events[moment];

    trigger.emit(is);
    const isArmed = trigger.arm(moment);
    for (const event of isNot) trigger.emit(event);
    const [before, armed] = [stopCount, trigger.state];
    trigger.emit(is);
    trigger.emit(is);

    expect([isArmed, before, armed]).toEqual([true, 0, { armed: moment, fired: null }]);
    expect([stopCount, trigger.state]).toEqual([1, { armed: null, fired: moment }]);
  },
);

test("states that leave for a peer after a comparison are a repair too", () => {
  const stopped: string[] = [];
  const trigger = new EventTrigger("n1", () => stopped.push("stopped"));

  trigger.arm("repair-sent");
  trigger.emit({ type: "exchange-sent", to: "n2", keyCount: 3 });

  expect(stopped).toEqual(["stopped"]);
});

test("a trigger is unarmed already while the process stands still", () => {
  const seen: unknown[] = [];
  const trigger: EventTrigger = new EventTrigger("n1", () => seen.push(trigger.state));

  trigger.arm("replica-sent");
  trigger.emit({ type: "replica-sent", ...name, to: "n2" });

  expect(seen).toEqual([{ armed: null, fired: "replica-sent" }]);
});

test("one moment is armed at a time, and what was disarmed does not fire", () => {
  const stopped: string[] = [];
  const trigger = new EventTrigger("n1", () => stopped.push("stopped"));

  const first = trigger.arm("replica-sent");
  const second = trigger.arm("hint-stored");
  trigger.disarm();
  trigger.emit({ type: "replica-sent", ...name, to: "n2" });
  trigger.emit({ type: "hint-stored", ...name, target: "n2" });

  expect([first, second, stopped]).toEqual([true, false, []]);
  expect(trigger.state).toEqual({ armed: null, fired: null });
});

test("only the words of the table name a moment", () => {
  expect(momentNamed("hint-stored")).toBe("hint-stored");
  expect(momentNamed("__proto__")).toBeUndefined();
  expect(momentNamed("")).toBeUndefined();
});
