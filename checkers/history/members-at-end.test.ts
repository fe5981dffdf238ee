import { expect, test } from "vitest";
import type { Fault } from "./faults.ts";
import { membersAtEnd } from "./members-at-end.ts";

const fault = (kind: string, node: string, activeFrom?: number): Fault => ({
  id: kind,
  kind,
  backend: "admin port",
  nodes: [node],
  stage: "healed",
  beganAt: 0,
  evidence: "seen",
  ...(activeFrom === undefined ? {} : { activeFrom }),
});

const run = {
  type: "run",
  schema: 1,
  name: "x",
  seed: 1,
  startedWallMs: 0,
  workload: "shopping-cart",
  nodes: ["n1", "n2", "n3"],
  promises: { n: 3, r: 2, w: 2, pr: 0, pw: 0, sloppy: true, versions: "dvv", codec: "tagged" },
  phases: [],
  objectives: [],
  expect: [],
} as const;

test("whoever joined belongs at the end, and whoever left does not, in the order of what took hold", () => {
  const faults = [
    fault("leave", "n4", 30),
    fault("join", "n4", 10),
    fault("leave", "n2", 20),
    fault("kill", "n1", 5),
  ];

  const members = membersAtEnd({ run, faults });

  expect(members).toEqual(["n1", "n3"]);
});

test("an order that took no effect changes nothing", () => {
  const members = membersAtEnd({ run, faults: [fault("join", "n4"), fault("leave", "n1")] });

  expect(members).toEqual(["n1", "n2", "n3"]);
});
