import { EventEmitter, once } from "node:events";
import { describe, expect, it } from "vitest";
import type { FaultEvent } from "../../checkers/history/event.ts";
import type { Done } from "../cluster/cluster.ts";
import { holdFault } from "./hold-fault.ts";
import type { FaultPlan } from "./nemesis.ts";
import { type Scripted, scriptedCluster } from "./scripted-cluster.fixture.ts";
import type { Sights } from "./sights.ts";

const failed = (reason: string): Done => ({ type: "failed", reason });
const everybody = ["n1", "n2", "n3"];

const sights: Sights = {
  busiestKey: () => "cart/s1/0",
  homesOf: async (_, key) => (key === "cart/s1/0" ? ["n2", "n3"] : ["n1"]),
  hintHolders: async () => [],
};

type Seen = Pick<FaultEvent, "stage" | "nodes" | "evidence">;

/** What is recorded of a fault that ends as soon as it is known whether it holds, or after `until`. */
async function live(
  cluster: Scripted,
  fault: FaultPlan,
  { until, saw = sights }: { readonly until?: Promise<void>; readonly saw?: Sights } = {},
): Promise<readonly Seen[]> {
  const seen: Seen[] = [];
  const looked = new EventEmitter();
  const known = once(looked, "known");
  await holdFault({
    cluster,
    fault,
    sights: saw,
    until: until ?? known,
    record: ({ stage, nodes, evidence }) => {
      seen.push({ stage, nodes, evidence });
      if (stage === "active" || stage === "ineffective") looked.emit("known");
    },
  });
  return seen;
}

const aimed = (aim: NonNullable<FaultPlan["aim"]>, more: Partial<FaultPlan> = {}): FaultPlan =>
  ({ id: "f1", kind: "pause", nodes: everybody, aim, ...more }) as FaultPlan;

describe("a fault aimed at a role", () => {
  it("hits the first home of the busiest key, and says so only when it knows", async () => {
    const cluster = scriptedCluster();

    const seen = await live(cluster, aimed({ role: "coordinator", atMost: 1 }));

    expect(cluster.calls).toEqual(["pause n2", "resume n2"]);
    expect(seen.map(({ stage, nodes }) => [stage, nodes])).toEqual([
      ["injecting", []],
      ["active", ["n2"]],
      ["healing", ["n2"]],
      ["healed", ["n2"]],
    ]);
    expect(seen[1]?.evidence).toBe("the coordinator of cart/s1/0 is n2; n2: pause n2 was seen");
  });

  it("hits all homes of the key that it names", async () => {
    const cluster = scriptedCluster();

    await live(cluster, aimed({ role: "homes", atMost: 2 }));
    await live(cluster, aimed({ role: "homes", key: "order/7", atMost: 2 }));

    expect(cluster.calls).toEqual([
      "pause n2",
      "pause n3",
      "resume n2",
      "resume n3",
      "pause n1",
      "resume n1",
    ]);
  });

  it("waits until somebody plays the role", async () => {
    const cluster = scriptedCluster();
    let looks = 0;
    const late: Sights = {
      ...sights,
      hintHolders: async () => {
        looks += 1;
        return looks < 3 ? [] : ["n3", "n1"];
      },
    };

    await live(cluster, aimed({ role: "hint-holder", atMost: 1 }), { saw: late });

    expect(cluster.calls).toEqual(["pause n3", "resume n3"]);
  });

  it("is ineffective when nobody does while it lasts, and touches no node", async () => {
    const cluster = scriptedCluster();

    const seen = await live(cluster, aimed({ role: "hint-holder", atMost: 1 }), { until: Promise.resolve() });

    expect(seen.map(({ stage }) => stage)).toEqual(["injecting", "ineffective", "healing", "healed"]);
    expect(seen[1]?.evidence).toBe("Nobody was the holder of most hints while the fault lasted.");
    expect(cluster.calls).toEqual([]);
  });

  it("puts who plays the role first in a partition", async () => {
    const cluster = scriptedCluster();

    await live(cluster, {
      id: "f1",
      kind: "partition",
      shape: "isolate-one",
      nodes: everybody,
      aim: { role: "coordinator", atMost: 1 },
    });

    expect(cluster.calls).toEqual(["cut f1: n2→n1 n2→n3 n1→n2 n3→n2", "mend f1"]);
  });
});

const on = (at: readonly string[]) => ({ moment: "hint-stored", at }) as const;

describe("a fault at a moment", () => {
  it("hits whoever comes to it first, and disarms the others", async () => {
    const cluster = scriptedCluster({
      "await n1": [failed("n1 did not stop itself.")],
      "await n3": [failed("n3 did not stop itself.")],
    });

    const seen = await live(cluster, { id: "f1", kind: "kill", nodes: everybody, on: on(everybody) });

    expect(cluster.calls.filter((call) => call.startsWith("arm"))).toHaveLength(3);
    expect(cluster.calls.filter((call) => /kill|start/.test(call))).toEqual(["kill n2", "start n2"]);
    expect(cluster.calls.indexOf("kill n2")).toBeGreaterThan(cluster.calls.indexOf("await n2"));
    expect(cluster.calls.slice(cluster.calls.indexOf("start n2") + 1)).toEqual([
      "disarm n1",
      "disarm n2",
      "disarm n3",
    ]);
    expect(seen[1]).toMatchObject({
      stage: "active",
      nodes: ["n2"],
      evidence: "n2 came to hint-stored: await n2 was seen; n2: kill n2 was seen",
    });
  });

  it("leaves a paused node where it stopped until it is healed", async () => {
    const cluster = scriptedCluster();

    await live(cluster, { id: "f1", kind: "pause", nodes: ["n2"], on: on(["n2"]) });

    expect(cluster.calls).toEqual(["arm n2 hint-stored", "await n2", "pause n2", "resume n2", "disarm n2"]);
  });

  it("cuts the links of a node before it goes on", async () => {
    const cluster = scriptedCluster();
    const fault: FaultPlan = {
      id: "f1",
      kind: "partition",
      shape: "isolate-one",
      nodes: ["n1", "n3", "n2"],
      on: on(["n3"]),
    };

    await live(cluster, fault);

    expect(cluster.calls).toEqual([
      "arm n3 hint-stored",
      "await n3",
      "cut f1: n3→n1 n3→n2 n1→n3 n2→n3",
      "disarm n3",
      "mend f1",
      "disarm n3",
    ]);
  });

  it("sets a clock before the node goes on, which can be seen only after that", async () => {
    const cluster = scriptedCluster();

    await live(cluster, {
      id: "f1",
      kind: "clock",
      motion: "jump",
      offsetMs: 500,
      nodes: ["n2"],
      on: on(["n2"]),
    });

    expect(cluster.calls).toEqual([
      "arm n2 hint-stored",
      "await n2",
      "shift n2 500",
      "disarm n2",
      "shift n2 0",
      "disarm n2",
    ]);
  });

  it("cuts the power of all, once the first of them is there", async () => {
    const cluster = scriptedCluster({ "await n1": [failed("n1 did not stop itself.")] });

    await live(cluster, {
      id: "f1",
      kind: "power-cut",
      loss: "whole",
      lossSeed: 1,
      nodes: everybody,
      on: on(["n1", "n2"]),
    });

    expect(cluster.calls).toContain("power-cut n1/n2/n3 whole 1");
  });

  it("that does not come leaves the fault ineffective, and everybody disarmed", async () => {
    const cluster = scriptedCluster({ "await n2": [failed("n2 did not stop itself.")] });

    const seen = await live(cluster, { id: "f1", kind: "kill", nodes: ["n2"], on: on(["n2"]) });

    expect(seen.map(({ stage, nodes }) => [stage, nodes])).toEqual([
      ["injecting", []],
      ["ineffective", []],
      ["healing", []],
      ["healed", []],
    ]);
    expect(seen[1]?.evidence).toBe("n2 did not come to hint-stored in time.");
    expect(cluster.calls).toEqual(["arm n2 hint-stored", "await n2", "disarm n2"]);
  });

  it("leaves out who cannot be armed, and is ineffective when nobody can", async () => {
    const one = scriptedCluster({ "arm n1 hint-stored": [failed("n1 is paused.")] });
    const none = scriptedCluster({ "arm n2 hint-stored": [failed("n2 is paused.")] });

    await live(one, { id: "f1", kind: "kill", nodes: ["n1", "n2"], on: on(["n1", "n2"]) });
    const seen = await live(none, { id: "f1", kind: "kill", nodes: ["n2"], on: on(["n2"]) });

    expect(one.calls).not.toContain("await n1");
    expect(one.calls).toContain("kill n2");
    expect(seen[1]).toMatchObject({
      stage: "ineffective",
      evidence: "None of n2 could be armed with hint-stored.",
    });
  });

  it("may be that of a role", async () => {
    const cluster = scriptedCluster();

    await live(cluster, aimed({ role: "coordinator", atMost: 1 }, { on: on(everybody) }));

    expect(cluster.calls).toEqual(["arm n2 hint-stored", "await n2", "pause n2", "resume n2", "disarm n2"]);
  });

  it("is skipped where no node can be armed", async () => {
    const cluster = scriptedCluster({}, ["kill"]);

    const seen = await live(
      cluster,
      { id: "f1", kind: "kill", nodes: ["n2"], on: on(["n2"]) },
      { until: Promise.resolve() },
    );

    expect(seen.map(({ stage, evidence }) => [stage, evidence])).toEqual([
      ["skipped", "this cluster cannot do: trigger"],
    ]);
  });
});
