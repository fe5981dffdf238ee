import { describe, expect, it } from "vitest";
import { parseFaults } from "./fault-notation.ts";
import { defaultOptions, type Plan, planOf } from "./test-plan.ts";

function planFor(text: string, seed = 1): Plan | string {
  const faults = parseFaults(text);
  if ("type" in faults) return faults.sentence;
  const made = planOf({ ...defaultOptions, seed, faults });
  return "type" in made ? made.sentence : made;
}

const victims = (text: string, seed: number): readonly (readonly string[])[] => {
  const plan = planFor(text, seed);
  return typeof plan === "string" ? [[plan]] : plan.faults.map(({ fault }) => fault.nodes);
};

describe("the members of a plan", () => {
  it("begin without those that join, for which a place is kept", () => {
    expect(planFor("join@n6+kill@n2,leave@n6")).toMatchObject({
      nodes: ["n1", "n2", "n3", "n4", "n5"],
      spares: ["n6"],
      faults: [
        { fault: { kind: "join", nodes: ["n6"] } },
        { fault: { kind: "kill", nodes: ["n2"] } },
        { fault: { kind: "leave", nodes: ["n6"] } },
      ],
    });
  });

  it("get the next number when a join names nobody", () => {
    expect(planFor("join,join")).toMatchObject({ spares: ["n6", "n7"] });
  });

  it("are all drawn from once they belong, and never once they have left", () => {
    const seeds = Array.from({ length: 60 }, (_, seed) => seed);

    const joined = new Set(seeds.flatMap((seed) => victims("join,kill", seed)[1] ?? []));
    const left = new Set(seeds.flatMap((seed) => victims("leave@n2,kill", seed)[1] ?? []));

    expect([...joined].toSorted()).toEqual(["n1", "n2", "n3", "n4", "n5", "n6"]);
    expect([...left].toSorted()).toEqual(["n1", "n3", "n4", "n5"]);
  });

  it("leave a plan without joins and leaves as it was drawn before there were any", () => {
    expect(planFor("kill,partition")).toMatchObject({ spares: [] });
    expect(victims("kill,pause", 7)).toEqual(victims("kill,pause,join", 7).slice(0, 2));
  });

  it.each([
    ["join@n2", '--faults lets "n2" join; a node that joins is called n6 or so, and joins once.'],
    [
      "join@n6,leave@n6,join@n6",
      '--faults lets "n6" join; a node that joins is called n7 or so, and joins once.',
    ],
    ["join@__proto__", '--faults: "join@__proto__"; behind the @ stand nodes such as n1/n2, or all.'],
    ["kill@n6,join@n6", '--faults names node "n6"; the nodes are n1, n2, n3, n4, n5.'],
    ["leave@n2,leave@n2", "--faults lets n2 leave, which has left before."],
    ["leave@n1/n2/n3", "--faults lets n1, n2, n3 leave; 2 nodes are left then, and --n asks for 3 copies."],
  ])("cannot be changed by %s", (text, sentence) => {
    expect(planFor(text)).toBe(sentence);
  });
});
