import { expect, it } from "vitest";
import { cutOff } from "./budget.ts";
import type { Ability } from "./cluster/cluster.ts";
import type { FaultPlan } from "./nemesis/nemesis.ts";
import { doOverlap } from "./schedule.ts";
import { defaultOptions, type Plan, type PlanOptions, planOf } from "./test-plan.ts";

const count = 10_000;
const budget = { unavailable: 2, overlapping: 3, destroyed: 1 };
const everything: readonly Ability[] = ["power-cut", "disk-trouble", "file-limit"];
const calm = (plan: Plan): readonly string[] =>
  plan.phases.filter(({ kind }) => kind === "steady").map(({ name }) => name);

const swarmOf = (
  seed: number,
  schedule: Partial<Extract<NonNullable<PlanOptions["schedule"]>, { type: "swarm" }>>,
  more: Partial<PlanOptions> = {},
): Plan => {
  const made = planOf({
    ...defaultOptions,
    rate: 100,
    seed,
    schedule: { type: "swarm", lengthMs: 40_000, budget, abilities: everything, ...schedule },
    ...more,
  });
  if ("type" in made) throw new Error(made.sentence);
  return made;
};
const swarm = (seed: number, more: Partial<PlanOptions> = {}): Plan => swarmOf(seed, {}, more);
const faultsOf = ({ faults }: Plan): readonly FaultPlan[] => faults.map(({ fault }) => fault);

const isDamage = (fault: FaultPlan): boolean => fault.kind === "disk" && "damage" in fault;

/** Of a fault whose victims only the run will tell: as many as they may be. */
function atMost({ aim, on, kind, nodes }: FaultPlan): number | undefined {
  if (aim !== undefined) return aim.atMost;
  return on !== undefined && kind !== "power-cut" && nodes.length > 1 ? 1 : undefined;
}

/** Nodes that no client can count on at one moment, worked out without the code that draws. */
function lostAt({ faults, nodes }: Plan, at: number): number {
  const holding = faults.filter(({ from, until }) => from <= at && at < until).map(({ fault }) => fault);
  const down = holding.filter(
    (fault) =>
      ["kill", "stop", "restart", "memory", "pause", "files", "disk"].includes(fault.kind) ||
      (fault.kind === "power-cut" && (fault.nodes.length < nodes.length || fault.aim !== undefined)) ||
      (fault.kind === "link" && ["reset", "half-open", "half-close"].includes(fault.shape.trouble)),
  );
  const isolated = holding.filter(
    (fault) => fault.kind === "partition" && ["isolate-one", "flapping", "one-way"].includes(fault.shape),
  );
  const known = [
    ...down.filter((fault) => atMost(fault) === undefined).flatMap((fault) => fault.nodes),
    ...isolated.filter((fault) => atMost(fault) === undefined).flatMap((fault) => fault.nodes.slice(0, 1)),
  ];
  const open = down.reduce((sum, fault) => sum + (atMost(fault) ?? 0), 0);
  const openIsolated = isolated.filter((fault) => atMost(fault) !== undefined).length;
  return new Set(known).size + open + openIsolated;
}

/** Disks that may be gone when all is over. */
function damagedIn(plan: Plan): number {
  const damages = faultsOf(plan).filter(isDamage);
  const known = damages.filter((fault) => atMost(fault) === undefined).flatMap(({ nodes }) => nodes);
  return new Set(known).size + damages.reduce((sum, fault) => sum + (atMost(fault) ?? 0), 0);
}

/** All that a report would tell apart: "disk:wiped", "kill@coordinator", "load:burst". */
function waysOf(fault: FaultPlan): readonly string[] {
  const detail =
    "damage" in fault
      ? fault.damage
      : "trouble" in fault
        ? fault.trouble
        : "burden" in fault
          ? fault.burden
          : fault.kind === "link"
            ? fault.shape.trouble
            : undefined;
  return [
    fault.kind,
    ...(detail === undefined ? [] : [`${fault.kind}:${detail}`]),
    ...(fault.aim === undefined ? [] : [`@${fault.aim.role}`]),
    ...(fault.on === undefined ? [] : [`!${fault.kind}`]),
  ];
}

const words = (text: string, before = ""): readonly string[] =>
  text.split(" ").map((word) => `${before}${word}`);

const everyWay = [
  ...words("clock disk files kill link load memory partition pause power-cut restart starve stop"),
  ...words("coordinator hint-holder homes", "@"),
  ...words("clock kill partition pause power-cut", "!"),
  ...words("wiped backup flip truncate zeroed swapped", "disk:"),
  ...words("full io-error sync-error read-error read-only file-too-large slow", "disk:"),
  ...words("burst hot-key slow-clients corrupt-context swapped-context late-duplicates", "load:"),
  ...words("delay jitter rate loss reset half-open half-close", "link:"),
];

it("ten thousand plans of a swarm breach no budget, and a third or more have faults that overlap", () => {
  const breaches: string[] = [];
  const ways = new Set<string>();
  let overlapping = 0;
  let empty = 0;

  for (let seed = 0; seed < count; seed += 1) {
    const plan = swarm(seed);
    const spans = plan.faults.map(({ from, until }) => ({ startMs: from, lengthMs: until - from }));
    for (const { fault, from } of plan.faults) {
      for (const way of waysOf(fault)) ways.add(way);
      const atOnce = plan.faults.filter((other) => other.from <= from && from < other.until).length;
      if (atOnce > budget.overlapping) breaches.push(`seed ${seed}: ${atOnce} faults at once`);
      if (lostAt(plan, from) > budget.unavailable)
        breaches.push(`seed ${seed}: ${lostAt(plan, from)} nodes lost`);
    }
    if (damagedIn(plan) > budget.destroyed) breaches.push(`seed ${seed}: ${damagedIn(plan)} disks damaged`);
    const isOverlapping = spans.some((one, index) =>
      spans.slice(index + 1).some((other) => doOverlap(one, other)),
    );
    if (isOverlapping) overlapping += 1;
    if (plan.faults.length === 0) empty += 1;
  }

  expect(breaches).toEqual([]);
  expect(empty).toBe(0);
  expect(overlapping / count).toBeGreaterThanOrEqual(0.3);
  expect([...ways].toSorted()).toEqual(everyWay.toSorted());
}, 300_000);

it.each([
  ["of five nodes and W = 2, one disk", {}, {}, 1],
  ["of five nodes and W = 3, a minority of disks", { w: 3 }, {}, 2],
  ["of three nodes and W = 3, a minority of disks", { nodes: 3, w: 3 }, {}, 1],
  ["that acknowledges one copy, no disk", { w: 1 }, {}, 0],
  ["that forgets, no disk", { storage: "memory" }, {}, 0],
  ["that is told so, no disk", {}, { destroyed: 0 }, 0],
] as const)("a swarm on a store %s is damaged at the most", (_name, options, asked, most) => {
  const drawn = Array.from({ length: 300 }, (_, seed) => swarmOf(seed, { budget: asked }, options));

  expect(Math.max(...drawn.map(damagedIn))).toBe(most);
});

it("a swarm draws only what the machine, the network and the engine can do", () => {
  for (let seed = 0; seed < 300; seed += 1) {
    const bare = faultsOf(swarmOf(seed, { abilities: [] }));
    const byKernel = faultsOf(swarm(seed, { network: "kernel" }));
    const onLmdb = faultsOf(swarm(seed, { storage: "lmdb" }));
    const atFullRate = faultsOf(swarm(seed, { rate: 500 }));

    expect(atFullRate.flatMap(waysOf)).not.toContain("load:burst");
    expect(bare.filter(({ kind }) => kind === "power-cut" || kind === "files")).toEqual([]);
    expect(bare.filter((fault) => fault.kind === "disk" && !isDamage(fault))).toEqual([]);
    expect(
      byKernel.flatMap(waysOf).filter((way) => /^link:(delay|jitter|rate|half-close)$/.test(way)),
    ).toEqual([]);
    expect(onLmdb.flatMap(waysOf).filter((way) => /^disk:(flip|truncate|zeroed|swapped)$/.test(way))).toEqual(
      [],
    );
  }
});

it("a swarm puts no two faults at one time of which one could not be shown to hold", () => {
  const spoiled: string[] = [];
  for (let seed = 0; seed < 1_000; seed += 1) {
    const { faults } = swarm(seed);
    for (const { fault, from, until } of faults) {
      const beside = faults
        .filter((other) => other.fault.id !== fault.id && other.from < until && from < other.until)
        .map((other) => ({ ...other.fault, isEarlier: other.from < from }));
      const doesCount = fault.kind === "load" && beside.some(({ kind }) => /load|power-cut/.test(kind));
      const isNobody =
        fault.aim?.role === "hint-holder" &&
        !beside.some(({ kind, isEarlier }) => isEarlier && /kill|stop|pause|partition/.test(kind));
      if (doesCount || isNobody) spoiled.push(`seed ${seed}: ${fault.id}`);
    }
  }

  expect(spoiled).toEqual([]);
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

    expect(
      forgetful.filter((kind) => /^(kill|stop|restart|memory|files|power-cut|disk)$/.test(kind)),
    ).toEqual([]);
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
