import { EventEmitter, once } from "node:events";
import { describe, expect, it } from "vitest";
import type { FaultEvent } from "../../checkers/history/event.ts";
import type { Done } from "../cluster/cluster.ts";
import { type Held, holdFault } from "./hold-fault.ts";
import type { FaultPlan } from "./nemesis.ts";
import { type Scripted, scriptedCluster } from "./scripted-cluster.fixture.ts";

const failed = (reason: string): Done => ({ type: "failed", reason });
const pause: FaultPlan = { id: "f1", kind: "pause", nodes: ["n2"] };

type Life = {
  readonly held: Held;
  readonly seen: readonly Omit<FaultEvent, "at">[];
  readonly stages: string[];
};

/** The whole life of a fault whose end is already there, or comes when `until` resolves. */
async function live(cluster: Scripted, fault: FaultPlan, until?: Promise<void>): Promise<Life> {
  const seen: Omit<FaultEvent, "at">[] = [];
  const acted = new EventEmitter();
  const record = (event: Omit<FaultEvent, "at">): void => {
    seen.push(event);
    if (event.stage === "active" || event.stage === "ineffective") acted.emit("acted");
  };
  const active = once(acted, "acted");
  const held = await holdFault({ cluster, fault, until: until ?? active, record });
  return { held, seen, stages: seen.map(({ stage }) => stage) };
}

describe("a fault's life", () => {
  it("is injected, active with its proof, healing and healed", async () => {
    const cluster = scriptedCluster();

    const { held, seen, stages } = await live(cluster, pause);

    expect(stages).toEqual(["injecting", "active", "healing", "healed"]);
    expect(cluster.calls).toEqual(["pause n2", "resume n2"]);
    expect(seen[1]).toEqual({
      type: "fault",
      id: "f1",
      kind: "pause",
      stage: "active",
      nodes: ["n2"],
      backend: "SIGSTOP",
      evidence: "n2: pause n2 was seen",
    });
    expect(held).toEqual({ type: "healed", wasEffective: true });
  });

  it("is ineffective when the proof is missing, and healed nevertheless", async () => {
    const cluster = scriptedCluster({ "pause n2": [failed("Process 7 of n2 is in state S.")] });

    const { held, seen, stages } = await live(cluster, pause);

    expect(stages).toEqual(["injecting", "ineffective", "healing", "healed"]);
    expect(seen[1]?.evidence).toBe("Process 7 of n2 is in state S.");
    expect(cluster.calls).toEqual(["pause n2", "resume n2"]);
    expect(held).toEqual({ type: "healed", wasEffective: false });
  });

  it.each(["n1", "n2"])("is ineffective when the disk of one of its nodes was not met: %s", async (node) => {
    const cluster = scriptedCluster({ [`trouble ${node} full`]: [failed("No call met it.")] });
    const fault: FaultPlan = { id: "f1", kind: "disk", nodes: ["n1", "n2"], trouble: "full" };

    const { held, stages } = await live(cluster, fault);

    expect(stages).toEqual(["injecting", "ineffective", "healing", "healed"]);
    expect(cluster.calls.slice(2)).toEqual(["heal disk n1", "heal disk n2"]);
    expect(held).toEqual({ type: "healed", wasEffective: false });
  });

  it("of a power cut ends with every node started again", async () => {
    const cluster = scriptedCluster();
    const nodes = ["n1", "n2"];

    await live(cluster, { id: "f1", kind: "power-cut", nodes, loss: "torn", lossSeed: 7 });

    expect(cluster.calls).toEqual(["power-cut n1/n2 torn 7", "start n1", "start n2"]);
  });

  it("is ineffective when it took effect only after its end", async () => {
    const { stages, held } = await live(scriptedCluster(), pause, Promise.resolve());

    expect(stages).toEqual(["injecting", "ineffective", "healing", "healed"]);
    expect(held).toEqual({ type: "healed", wasEffective: false });
  });

  it("holds however late it took effect, when nothing of it is undone at its end", async () => {
    const join: FaultPlan = { id: "f1", kind: "join", nodes: ["n4"] };

    const { stages, held } = await live(scriptedCluster(), join, Promise.resolve());

    expect(stages).toEqual(["injecting", "active", "healing", "healed"]);
    expect(held).toEqual({ type: "healed", wasEffective: true });
  });

  it("is skipped, and nothing is touched, when the cluster cannot do it", async () => {
    const cluster = scriptedCluster({}, ["kill"]);

    const { stages, seen } = await live(cluster, pause, Promise.resolve());

    expect(stages).toEqual(["skipped"]);
    expect(seen[0]?.evidence).toBe("this cluster cannot do: pause");
    expect(cluster.calls).toEqual([]);
  });

  it("tries to heal again", async () => {
    const cluster = scriptedCluster({
      "mend f1": [failed("Bytes do not pass yet."), { type: "done", evidence: "now" }],
    });

    const { held, seen } = await live(cluster, {
      id: "f1",
      kind: "partition",
      shape: "isolate-one",
      nodes: ["n1"],
    });

    expect(held).toEqual({ type: "healed", wasEffective: true });
    expect(seen.at(-1)).toMatchObject({ stage: "healed", evidence: "now", backend: "scripted links" });
    expect(cluster.calls).toEqual(["cut f1: n1→n2 n1→n3 n2→n1 n3→n1", "mend f1", "mend f1"]);
  });

  it("ends unhealed after three tries, and never claims to be healed", async () => {
    const cluster = scriptedCluster({ "start n3": [failed("n3 did not serve.")] });

    const { held, stages } = await live(cluster, { id: "f1", kind: "kill", nodes: ["n3"] });

    expect(cluster.calls).toEqual(["kill n3", "start n3", "start n3", "start n3"]);
    expect(stages).not.toContain("healed");
    expect(held).toEqual({ type: "unhealed", reason: "n3 did not serve." });
  });

  it("survives a cluster that throws", async () => {
    const cluster = scriptedCluster({ "shift n1 1000": [Promise.reject(new Error("no such file"))] });

    const { seen, held } = await live(cluster, {
      id: "f1",
      kind: "clock",
      nodes: ["n1"],
      motion: "jump",
      offsetMs: 1000,
    });

    expect(seen[1]).toMatchObject({ stage: "ineffective", evidence: "no such file" });
    expect(cluster.calls).toContain("shift n1 0");
    expect(held).toEqual({ type: "healed", wasEffective: false });
  });

  it("of a partition that the cluster is too small for is ineffective", async () => {
    const cluster = {
      ...scriptedCluster(),
      addresses: [{ node: "n1", httpUrl: "", verificationUrl: "", adminUrl: "" }],
    };

    const { seen } = await live(cluster, { id: "f1", kind: "partition", shape: "halves", nodes: ["n1"] });

    expect(seen[1]).toMatchObject({
      stage: "ineffective",
      evidence: "1 nodes are too few for the partition halves.",
    });
  });
});
