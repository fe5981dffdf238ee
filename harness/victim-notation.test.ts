import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { moments } from "../server/adapters/moments.ts";
import { type FaultRequest, faultNotation, parseFaults } from "./fault-notation.ts";
import { describeFault } from "./nemesis/fault-description.ts";
import { defaultOptions, type Plan, type PlanOptions, planOf } from "./test-plan.ts";

const windowsOf = (text: string): PlanOptions["faults"] => {
  const windows = parseFaults(text);
  if ("type" in windows) throw new Error(windows.sentence);
  return windows;
};

const faultOf = (text: string, options: Partial<PlanOptions> = {}): Plan["faults"][number]["fault"] => {
  const made = planOf({ ...defaultOptions, ...options, faults: windowsOf(text) });
  if ("type" in made) throw new Error(made.sentence);
  const [first] = made.faults;
  if (first === undefined) throw new Error("there is no fault");
  return first.fault;
};

const everybody = ["n1", "n2", "n3", "n4", "n5"];

describe("whom a fault hits", () => {
  it("is a role that the cluster is asked for, or a moment, or both", () => {
    expect(windowsOf("kill@coordinator,pause@homes(cart/s1/0)!replica-acked,kill!hint-stored")).toEqual([
      [{ kind: "kill", aim: { role: "coordinator" } }],
      [{ kind: "pause", aim: { role: "homes", key: "cart/s1/0" }, on: "replica-acked" }],
      [{ kind: "kill", on: "hint-stored" }],
    ]);
  });

  const key = fc.string({ unit: "binary", minLength: 1, maxLength: 20 });
  const aim = fc.oneof(
    fc.constant({ role: "hint-holder" as const }),
    fc.constantFrom("homes" as const, "coordinator" as const).map((role) => ({ role })),
    fc.record({ role: fc.constantFrom("homes" as const, "coordinator" as const), key }),
  );
  const request: fc.Arbitrary<FaultRequest> = fc.record(
    {
      kind: fc.constantFrom("kill" as const, "pause" as const, "partition" as const, "power-cut" as const),
      aim,
      on: fc.constantFrom(...moments.keys()),
    },
    { requiredKeys: ["kind"] },
  );

  it("is read as it was written, whatever the key", () => {
    const windows = fc.array(fc.array(request, { minLength: 1, maxLength: 3 }), {
      minLength: 1,
      maxLength: 3,
    });

    fc.assert(
      fc.property(windows, (asked) => {
        expect(parseFaults(faultNotation(asked))).toEqual(asked);
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    ["kill!never", '"never" is no moment; known are write-minted,'],
    ["kill!", '"" is no moment'],
    ["kill!__proto__", '"__proto__" is no moment'],
    ["restart!hint-stored", "restart waits for no moment; kill, pause, partition, clock, power-cut can"],
    ["kill!hint-stored!hint-stored", "is no moment"],
    ["join@homes", "behind the @ stand nodes"],
    ["kill@homes()", "behind the @ stand nodes"],
    ["kill@homes(%zz)", "behind the @ stand nodes"],
    ["kill@hint-holder(key)", "behind the @ stand nodes"],
    ["kill@butler", 'names node "butler"'],
  ])("is refused as %j with a sentence", (text, sentence) => {
    const windows = parseFaults(text);
    const refusal = "type" in windows ? windows : planOf({ ...defaultOptions, faults: windows });

    expect(refusal).toMatchObject({ type: "refused", exit: "usage" });
    expect("type" in refusal ? refusal.sentence : "").toContain(sentence);
  });

  it.each([
    ["one", 1],
    ["minority", 2],
    ["majority", 3],
    ["all", 5],
  ])("may be %s of five, drawn from the seed", (crowd, count) => {
    const { nodes } = faultOf(`pause@${crowd}`, { seed: 4 });

    expect(nodes).toHaveLength(count);
    expect(new Set(nodes).size).toBe(count);
    expect(faultOf(`pause@${crowd}`, { seed: 4 }).nodes).toEqual(nodes);
  });

  it("says in the plan who may be hit, and how many at the most", () => {
    expect(faultOf("kill@homes")).toMatchObject({ nodes: everybody, aim: { role: "homes", atMost: 3 } });
    expect(faultOf("kill@hint-holder")).toMatchObject({ aim: { atMost: 1 } });
    expect(faultOf("kill@n2/n3!replica-acked")).toMatchObject({
      nodes: ["n2", "n3"],
      on: { moment: "replica-acked", at: ["n2", "n3"] },
    });
    expect(faultOf("partition:isolate-one!replica-acked")).toMatchObject({ on: { at: everybody } });
  });

  it.each([
    ["kill@coordinator", "kill the coordinator of the busiest key"],
    ["pause@homes(order/7)", "pause the homes of order/7"],
    ["pause@hint-holder", "pause the holder of most hints"],
    ["kill@n2!hint-stored", "kill n2, as soon as n2 comes to hint-stored"],
    ["kill@n2/n3!hint-stored", "kill whichever of n2, n3 comes to hint-stored first"],
    [
      "pause@homes!replica-acked",
      "pause whichever of the homes of the busiest key comes to replica-acked first",
    ],
    [
      "power-cut:whole@n2/n3!write-answered",
      "power cut of n2, n3 (whole), losing what was not synced, as soon as one of n2, n3 comes to write-answered",
    ],
    [
      "partition:isolate-one@coordinator",
      "partition isolate-one, in an order that begins with the coordinator of the busiest key",
    ],
  ])("is told to a reader of the plan: %s", (text, told) => {
    expect(describeFault(faultOf(text))).toBe(told);
  });
});
