import { expect, it } from "vitest";
import { cutOff } from "./budget.ts";
import { doOverlap } from "./schedule.ts";
import { defaultOptions, type Plan, type PlanOptions, planOf } from "./test-plan.ts";

const count = 10_000;
const budget = { unavailable: 2, overlapping: 3, destroyed: 0 };
const calm = (plan: Plan): readonly string[] =>
  plan.phases.filter(({ kind }) => kind === "steady").map(({ name }) => name);

const swarm = (seed: number, more: Partial<PlanOptions> = {}): Plan => {
  const made = planOf({
    ...defaultOptions,
    seed,
    schedule: { type: "swarm", lengthMs: 40_000, budget },
    ...more,
  });
  if ("type" in made) throw new Error(made.sentence);
  return made;
};

/** Nodes that no client can count on at one moment, worked out without the code that draws. */
function lostAt({ faults }: Plan, at: number): number {
  const holding = faults.filter(({ from, until }) => from <= at && at < until).map(({ fault }) => fault);
  const down = holding.filter(
    (fault) =>
      ["kill", "stop", "restart", "memory", "pause"].includes(fault.kind) ||
      (fault.kind === "link" && fault.shape.trouble !== "loss"),
  );
  const isolated = holding.flatMap((fault) =>
    fault.kind === "partition" && ["isolate-one", "flapping", "one-way"].includes(fault.shape)
      ? fault.nodes.slice(0, 1)
      : [],
  );
  return new Set([...down.flatMap((fault) => fault.nodes), ...isolated]).size;
}

it("ten thousand plans of a swarm breach no budget, and a third or more have faults that overlap", () => {
  const breaches: string[] = [];
  const kinds = new Map<string, number>();
  let overlapping = 0;
  let empty = 0;

  for (let seed = 0; seed < count; seed += 1) {
    const plan = swarm(seed);
    const spans = plan.faults.map(({ from, until }) => ({ startMs: from, lengthMs: until - from }));
    for (const { fault, from } of plan.faults) {
      kinds.set(fault.kind, (kinds.get(fault.kind) ?? 0) + 1);
      const atOnce = plan.faults.filter((other) => other.from <= from && from < other.until).length;
      if (atOnce > budget.overlapping) breaches.push(`seed ${seed}: ${atOnce} faults at once`);
      if (lostAt(plan, from) > budget.unavailable)
        breaches.push(`seed ${seed}: ${lostAt(plan, from)} nodes lost`);
    }
    const isOverlapping = spans.some((one, index) =>
      spans.slice(index + 1).some((other) => doOverlap(one, other)),
    );
    if (isOverlapping) overlapping += 1;
    if (plan.faults.length === 0) empty += 1;
  }

  expect(breaches).toEqual([]);
  expect(empty).toBe(0);
  expect(overlapping / count).toBeGreaterThanOrEqual(0.3);
  expect([...kinds.keys()].toSorted()).toEqual([
    "clock",
    "kill",
    "link",
    "memory",
    "partition",
    "pause",
    "restart",
    "starve",
    "stop",
  ]);
}, 300_000);

const damagedIn = (plan: Plan) => plan.faults.map(({ fault }) => fault).filter(({ kind }) => kind === "disk");

it("a swarm damages disks only where its budget says how many, and no more of them", () => {
  const drawn = Array.from({ length: 500 }, (_, seed) =>
    swarm(seed, { schedule: { type: "swarm", lengthMs: 40_000, budget: { ...budget, destroyed: 1 } } }),
  );

  const counts = drawn.map((plan) => new Set(damagedIn(plan).flatMap(({ nodes }) => nodes)).size);

  expect(new Set(counts)).toEqual(new Set([0, 1]));
  expect(drawn.every((plan) => damagedIn(plan).every((fault) => "damage" in fault))).toBe(true);
  expect(
    Array.from({ length: 200 }, (_, seed) => damagedIn(swarm(seed)).length).filter((many) => many > 0),
  ).toEqual([]);
});

it("a swarm is the same for the same seed, and stays between the steady phases", () => {
  for (let seed = 0; seed < 200; seed += 1) {
    const plan = swarm(seed);

    expect(swarm(seed)).toEqual(plan);
    expect(plan.durationUs).toBe(100_000_000);
    expect(plan.phases.map(({ from }) => from).slice(1)).toEqual(
      plan.phases.map(({ until }) => until).slice(0, -1),
    );
    expect(calm(plan)[0]).toBe("steady");
    for (const { from, until } of plan.faults) {
      expect(from).toBeGreaterThanOrEqual(45_000_000);
      expect(until).toBeLessThanOrEqual(80_000_000);
    }
  }
});

it("a swarm on a store that forgets, or of one node, has only faults that these can stand", () => {
  for (let seed = 0; seed < 200; seed += 1) {
    const forgetful = swarm(seed, { storage: "memory" }).faults.map(({ fault }) => fault.kind);
    const alone = swarm(seed, { nodes: 1, n: 1, r: 1, w: 1 }).faults.map(({ fault }) => fault.kind);

    expect(forgetful.filter((kind) => ["kill", "stop", "restart", "memory"].includes(kind))).toEqual([]);
    expect(alone).not.toContain("partition");
    expect(alone).not.toContain("link");
  }
});

const mutual = (one: string, others: readonly string[]) =>
  others.flatMap((other) => [
    { from: one, to: other },
    { from: other, to: one },
  ]);

it("whoever does not hear most others is cut off, over however many links", () => {
  const nodes = ["n1", "n2", "n3", "n4", "n5"];
  expect(cutOff([], nodes)).toEqual([]);
  expect(cutOff(mutual("n2", ["n1", "n3", "n4", "n5"]), nodes)).toEqual(["n2"]);
  expect(cutOff(mutual("n2", ["n1", "n3", "n4"]), nodes)).toEqual([]);
  expect(cutOff([...mutual("n1", ["n3", "n4", "n5"]), ...mutual("n2", ["n3", "n4", "n5"])], nodes)).toEqual([
    "n1",
    "n2",
  ]);
});
