import { EventEmitter, once } from "node:events";
import { describe, expect, it } from "vitest";
import type { Done } from "../cluster/cluster.ts";
import type { Nemesis } from "./nemesis.ts";
import { alternating, recurring } from "./recurring.ts";
import { scriptedCluster } from "./scripted-cluster.fixture.ts";

const done = (evidence: string): Done => ({ type: "done", evidence });

/** Notes each call, and tells when so many have been made. */
function noted(answers: (call: number) => Done = (call) => done(`call ${call}`)): {
  readonly nemesis: Nemesis;
  readonly calls: string[];
  readonly reached: (count: number) => Promise<void>;
} {
  const calls: string[] = [];
  const made = new EventEmitter();
  const note = async (call: string): Promise<Done> => {
    calls.push(call);
    made.emit("call");
    return answers(calls.length);
  };
  return {
    nemesis: { needs: ["pause"], backend: () => "notes", inject: () => note("on"), heal: () => note("off") },
    calls,
    reached: async (count) => {
      while (calls.length < count) await once(made, "call");
    },
  };
}

describe("a fault in turns", () => {
  it("goes on and off until it is healed, and then is off", async () => {
    const { nemesis, calls, reached } = noted();
    const fault = alternating(nemesis, 1, 1);

    const injected = await fault.inject(scriptedCluster());
    await reached(5);
    const healed = await fault.heal(scriptedCluster());
    const countThen = calls.length;

    expect(injected).toEqual(done("call 1"));
    expect(calls.slice(0, 5)).toEqual(["on", "off", "on", "off", "on"]);
    expect(calls.at(-1)).toBe("off");
    expect(healed).toMatchObject({ evidence: expect.stringMatching(`; there were ${countThen - 1} turns$`) });
  });

  it("that did not take hold has no second turn", async () => {
    const { nemesis, calls } = noted(() => ({ type: "failed", reason: "It went on." }));
    const fault = alternating(nemesis, 0, 0);

    const injected = await fault.inject(scriptedCluster());
    await fault.heal(scriptedCluster());

    expect(injected).toEqual({ type: "failed", reason: "It went on." });
    expect(calls).toEqual(["on", "off"]);
  });

  it("says how many of its turns were not seen, and is healed again when that fails once", async () => {
    let healCount = 0;
    const turns: number[] = [];
    const made = new EventEmitter();
    const fault = recurring({
      needs: [],
      backend: () => "notes",
      turn: async (_, number) => {
        turns.push(number);
        made.emit("turn");
        if (number === 1) throw new Error("no answer");
        return done("seen");
      },
      restMs: () => 1,
      heal: async () => {
        healCount += 1;
        return healCount === 1 ? { type: "failed", reason: "Not yet." } : done("whole");
      },
    });

    await fault.inject(scriptedCluster());
    while (turns.length < 3) await once(made, "turn");
    const first = await fault.heal(scriptedCluster());
    const second = await fault.heal(scriptedCluster());

    expect(turns.slice(0, 3)).toEqual([0, 1, 2]);
    expect(first).toEqual({ type: "failed", reason: "Not yet." });
    expect(second).toMatchObject({
      evidence: expect.stringMatching(/^whole; there were \d+ turns, of which 1 /),
    });
  });
});
