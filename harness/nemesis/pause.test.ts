import { describe, expect, it } from "vitest";
import type { Cluster, Done } from "../cluster/cluster.ts";
import { starveInTurns, starveNemesis } from "./pause.ts";
import { scriptedCluster } from "./scripted-cluster.fixture.ts";

/** A cluster whose n1 answers as scripted, and how to wait until it was stopped so often. */
function counted(answers: readonly Done[]): {
  readonly cluster: Cluster;
  readonly stopped: (count: number) => Promise<void>;
} {
  const waiting: { readonly count: number; readonly resolve: () => void }[] = [];
  const scripted = scriptedCluster({ "pause n1": answers });
  let stops = 0;
  const cluster: Cluster = {
    ...scripted,
    pause: async (node) => {
      const outcome = await scripted.pause(node);
      stops += 1;
      for (const { count, resolve } of waiting) if (stops >= count) resolve();
      return outcome;
    },
  };
  return { cluster, stopped: (count) => new Promise((resolve) => waiting.push({ count, resolve })) };
}

const stopped: Done = { type: "done", evidence: "state T" };
const missed: Done = { type: "failed", reason: "It is in state R." };

describe("a node that is starved", () => {
  it("is stopped in every turn, and says how often that was seen", async () => {
    const { cluster, stopped: stoppedTimes } = counted([stopped, missed, stopped]);
    const fault = starveInTurns(["n1"]);

    const thrice = stoppedTimes(3);
    const injected = await fault.inject(cluster);
    await thrice;
    const healed = await fault.heal(cluster);

    const told = /state T was seen in (\d+) of (\d+) stops/.exec(
      healed.type === "done" ? healed.evidence : healed.reason,
    );
    expect(injected).toEqual({ type: "done", evidence: "n1: state T" });
    expect(Number(told?.[2])).toBeGreaterThanOrEqual(3);
    expect(Number(told?.[1])).toBe(Number(told?.[2]) - 1);
  });

  it("that was never stopped is not called starved", async () => {
    const { cluster } = counted([missed]);
    const fault = starveInTurns(["n1"]);

    const injected = await fault.inject(cluster);
    const healed = await fault.heal(cluster);

    expect(injected).toEqual({ type: "failed", reason: "It is in state R." });
    expect(healed).toMatchObject({ evidence: expect.stringContaining("seen in 0 of 1 stops") });
  });

  it("is held back by a control group where the cluster has one, and stopped in turns elsewhere", async () => {
    const [able, unable] = [scriptedCluster({}, ["pause", "cpu-share"]), scriptedCluster({}, ["pause"])];
    const [byGroup, inTurns] = [starveNemesis(["n1"]), starveNemesis(["n1"])];

    await byGroup.inject(able);
    await byGroup.heal(able);
    await inTurns.inject(unable);
    await inTurns.heal(unable);

    expect(able.calls).toEqual(["limit n1 5", "limit n1 no more"]);
    expect(unable.calls[0]).toBe("pause n1");
    expect(inTurns.backend(unable)).toBe("SIGSTOP in turns");
  });
});
