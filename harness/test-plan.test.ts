import { describe, expect, it } from "vitest";
import { faultNotation, parseFaults } from "./fault-notation.ts";
import { defaultOptions, type Plan, type PlanOptions, planOf } from "./test-plan.ts";

const plan = (options: Partial<PlanOptions> = {}): Plan => {
  const made = planOf({ ...defaultOptions, ...options });
  if ("type" in made) throw new Error(made.sentence);
  return made;
};

const windowsOf = (text: string): PlanOptions["faults"] => {
  const windows = parseFaults(text);
  if ("type" in windows) throw new Error(windows.sentence);
  return windows;
};

const refusal = (options: Partial<PlanOptions>): string => {
  const made = planOf({ ...defaultOptions, ...options });
  return "type" in made ? `${made.exit}: ${made.sentence}` : "accepted";
};

describe("a plan", () => {
  it("lays its phases back to back, 100 seconds by default", () => {
    const { phases, durationUs } = plan();

    phases.forEach((phase, index) => expect(phase.from).toBe(phases[index - 1]?.until ?? 0));
    expect(durationUs).toBe(100_000_000);
    expect(phases.map((phase) => phase.kind).filter((kind) => kind === "fault")).toHaveLength(4);
  });

  it("may damage fewer disks than acknowledge a write, and one in any case", () => {
    const damaging = (nodes: string): Partial<PlanOptions> => ({ faults: windowsOf(`disk:wiped@${nodes}`) });

    expect(refusal(damaging("n1"))).toBe("accepted");
    expect(refusal({ ...damaging("n1"), w: 1 })).toBe("accepted");
    expect(refusal({ ...damaging("n1/n2"), w: 3 })).toBe("accepted");
    expect(refusal(damaging("n1/n2"))).toMatch(/^usage: --faults damages the disks of n1, n2, and W = 2 /);
    expect(refusal({ faults: windowsOf("disk:flip@n1,power-cut:flipped@n2") })).toMatch("damages the disks");
    expect(refusal({ faults: windowsOf("disk:flip@n1,disk:backup@n1,power-cut@all") })).toBe("accepted");
  });

  it("begins each window up to so much later as its jitter allows, by the seed alone", () => {
    const starts = (options: Partial<PlanOptions>) => plan(options).faults.map(({ from }) => from);
    const usual = starts({});

    const jittered = starts({ jitterMs: 2_000 });

    const late = jittered.map((from, index) => from - (usual[index] ?? 0));
    const steps = late.map((more, index) => more - (late[index - 1] ?? 0));
    expect(steps.every((step) => step >= 0 && step <= 2_000_000)).toBe(true);
    expect(new Set(steps).size).toBeGreaterThan(1);
    expect(starts({ jitterMs: 2_000 })).toEqual(jittered);
    expect(starts({ jitterMs: 2_000, seed: 2 })).not.toEqual(jittered);
    const { phases } = plan({ jitterMs: 2_000 });
    phases.forEach((phase, index) => expect(phase.from).toBe(phases[index - 1]?.until ?? 0));
  });

  it("breaks something in four ways unless it is told otherwise", () => {
    const kinds = plan().faults.map(({ fault }) => fault.id.split(" ")[1]);

    expect(kinds).toEqual(["kill", "pause", "partition", "clock"]);
  });

  it("is the same for the same seed, and another for another", () => {
    expect(plan({ seed: 7 })).toEqual(plan({ seed: 7 }));
    expect(plan({ seed: 7 }).faults).not.toEqual(plan({ seed: 8 }).faults);
  });

  it("draws a fault the same way whatever stands before it", () => {
    const alone = plan({ faults: [[{ kind: "kill" }], [{ kind: "clock" }]] }).faults[1];
    const after = plan({ faults: [[{ kind: "pause" }], [{ kind: "clock" }]] }).faults[1];

    expect(after).toEqual(alone);
  });

  it("starts the second fault of a window half-way, and ends both together", () => {
    const { faults, phases } = plan({ faults: [[{ kind: "partition" }, { kind: "kill", nodes: ["n1"] }]] });
    const window = phases.find((phase) => phase.kind === "fault");

    expect(faults.map(({ fault }) => fault.id)).toEqual(["1 partition", "1 kill"]);
    expect(faults[1]?.from).toBe((window?.from ?? 0) + 2_500_000);
    expect(faults.map(({ until }) => until)).toEqual([window?.until, window?.until]);
  });

  it.each([
    ["kill@n1+pause@n1", "1 pause and 1 kill both hit n1 at once; the heal of one would undo the other."],
    ["none", undefined],
    ["pause,link:delay@n1+link:30%@n3", "2 link 2 and 2 link both hit a link at once; the heal of one"],
    ["kill@n2!hint-stored+clock:+1h@n2!write-minted", "1 clock and 1 kill both wait on n2 at once, which"],
    [
      "load:late-duplicates@n1+load:late-duplicates@n2",
      "both hit the writes of the workload at once; the heal",
    ],
    ["kill@n1+pause@n2,pause@n1", undefined],
    ["kill@n2+pause@hint-holder,partition:halves@n1/n2+kill@n1/n2,load:burst@n1+load:hot-key@n1", undefined],
  ])("lets no two faults of a window undo each other, as in a plan file: %s", (text, sentence) => {
    const said = refusal({ faults: windowsOf(text) });

    expect(said.startsWith("usage: --faults is wrong: ")).toBe(sentence !== undefined);
    expect(said).toContain(sentence ?? "accepted");
  });

  it("names every node where all are asked for, and draws what a power cut loses", () => {
    const { fault } = plan({ faults: [[{ kind: "power-cut", nodes: ["all"] }]] }).faults[0] ?? {};

    expect(fault).toMatchObject({ nodes: ["n1", "n2", "n3", "n4", "n5"], loss: expect.any(String) });
  });

  it("promises home nodes only when it is strict", () => {
    expect(plan({ strict: true }).promises).toMatchObject({ pr: 2, pw: 2, sloppy: false });
    expect(plan().promises).toMatchObject({ pr: 0, pw: 0, sloppy: true });
  });

  it("refuses what cannot be, naming the flag and the bounds", () => {
    expect(refusal({ n: 6 })).toBe("usage: --n is 6; it must be a whole number from 1 to 5.");
    expect(refusal({ w: 4 })).toBe("usage: --w is 4; it must be a whole number from 1 to 3.");
    expect(refusal({ rate: Number.NaN })).toMatch("--rate is NaN");
    expect(refusal({ storage: "memory" })).toMatch("forgets everything");
    expect(refusal({ faults: [[{ kind: "kill", nodes: ["n9"] }]] })).toMatch('names node "n9"');
  });
});

describe("a partition of a plan", () => {
  it("may be any links, each a direction", () => {
    const { fault } = plan({ faults: windowsOf("partition@n1>n2/n3>n1") }).faults[0] ?? {};

    expect(fault).toEqual({
      id: "1 partition",
      kind: "partition",
      shape: "custom",
      nodes: ["n1", "n2", "n3"],
      grudge: [
        { from: "n1", to: "n2" },
        { from: "n3", to: "n1" },
      ],
    });
    expect(refusal({ faults: windowsOf("partition@n1>n9") })).toMatch('names node "n9"');
  });

  it("that is split draws how many stand on the one side, at least one on each", () => {
    const sides = Array.from(
      { length: 40 },
      (_, seed) => plan({ seed, faults: windowsOf("partition:split") }).faults[0]?.fault.nodes.length,
    );

    expect(new Set(sides)).toEqual(new Set([1, 2, 3, 4]));
  });

  it("is refused where it parts nobody", () => {
    expect(refusal({ nodes: 3, faults: windowsOf("partition:majorities-ring") })).toMatch(
      "a partition majorities-ring of 3 nodes, which parts nobody",
    );
    expect(refusal({ nodes: 2, n: 2, faults: windowsOf("partition") })).toBe("accepted");
  });
});

describe("the clock of a plan", () => {
  it("is bumped by 11 ms to 288 s either way, small and large alike often", () => {
    const sizes = Array.from({ length: 400 }, (_, seed) => {
      const { fault } = plan({ seed, faults: windowsOf("clock:bump") }).faults[0] ?? {};
      return fault?.kind === "clock" ? fault.offsetMs : 0;
    });

    expect(Math.min(...sizes.map(Math.abs))).toBeGreaterThanOrEqual(11);
    expect(Math.max(...sizes.map(Math.abs))).toBeLessThanOrEqual(288_000);
    // The middle of the exponents is the geometric mean of both ends, 1.8 s.
    expect(sizes.filter((size) => Math.abs(size) < 1_780).length).toBeGreaterThan(120);
    expect(sizes.filter((size) => Math.abs(size) > 1_780).length).toBeGreaterThan(120);
    expect(sizes.filter((size) => size > 0).length).toBeGreaterThan(120);
  });
});

describe("the notation of faults", () => {
  it("reads kinds, shapes, offsets, victims and windows", () => {
    expect(parseFaults("kill,partition:halves@n1/n2+kill@n1,clock:+1d@n3,clock:-288s")).toEqual([
      [{ kind: "kill" }],
      [
        { kind: "partition", shape: "halves", nodes: ["n1", "n2"] },
        { kind: "kill", nodes: ["n1"] },
      ],
      [{ kind: "clock", offsetMs: 86_400_000, nodes: ["n3"] }],
      [{ kind: "clock", offsetMs: -288_000 }],
    ]);
    expect(parseFaults("power-cut@all,power-cut:torn@n2")).toEqual([
      [{ kind: "power-cut", nodes: ["all"] }],
      [{ kind: "power-cut", loss: "torn", nodes: ["n2"] }],
    ]);
    expect(parseFaults("none")).toEqual([]);
  });

  it("writes what it reads", () => {
    const text =
      "kill,partition:halves@n1/n2+kill@n1,clock:86400000ms@n3,clock:-288000ms,pause,power-cut:part@all,disk:full@n2,disk," +
      "partition@n1>n2/n3>n1+partition:majorities-ring,clock:bump,clock:strobe@n1,clock:freeze,clock:drift@all,memory:64mb@n2,starve,stop,restart@n1,link:jitter@n2,link,link:30%@n1,link:half-open";
    const windows = parseFaults(text);

    expect("type" in windows ? windows : faultNotation(windows)).toBe(text);
    expect(faultNotation([])).toBe("none");
  });

  it.each([
    "earthquake",
    "kill:bridge",
    "partition:sideways",
    "clock:soon",
    "power-cut:halves",
    "disk:round",
    "memory:64",
    "memory:8mb",
    "starve:much",
    "link:3%",
    "link:100%",
    "link:deaf",
    "partition:halves@n1>n2",
    "partition@n1>n1",
    "partition@n1>n2/n3",
    "kill@n1>n2",
    "kill@",
    "kill,,pause",
  ])("refuses %j with a sentence that names it", (text) => {
    const parsed = parseFaults(text);

    expect(parsed).toMatchObject({ type: "refused", exit: "usage" });
  });
});

const hardOf = (options: Partial<typeof defaultOptions>) => {
  const made = planOf({ ...defaultOptions, ...options });
  if ("exit" in made) return made.sentence;
  return [...new Set(made.objectives.filter(({ hard }) => hard).map(({ phase }) => phase))];
};

describe("the service levels of a plan", () => {
  it("are the default objective over the steady phases when none is given", () => {
    expect(hardOf({})).toEqual(["steady"]);
    expect(hardOf({ slaPhases: ["fault"] })).toEqual(["steady", "fault"]);
  });

  it("replace the default objective as what decides", () => {
    expect(hardOf({ sla: ["put:p99<1s"] })).toEqual([]);
    expect(hardOf({ sla: ["put:p99<1s"], slaPhases: ["recovery"] })).toEqual(["recovery"]);
  });

  it.each([
    ["recovery<5s@kill", []],
    ["p99<1s@n5", []],
    [
      "p99<1s@n6",
      'The service level "p99<1s@n6" names "@n6"; known are steady, fault, recovery, kill, pause, partition, clock, n1, n2, n3, n4, n5.',
    ],
    [
      "soon<1s",
      'The service level "soon<1s" asks for "soon"; known are p50 to p99.999, ok, recovery and budget.',
    ],
  ])("may name what the plan has: %s", (text, expected) => {
    expect(hardOf({ sla: [text] })).toEqual(expected);
  });

  it("leave arrivals that nobody knows to a sentence", () => {
    expect(hardOf({ arrivals: "sawtooth" })).toMatch(
      /^--arrivals is "sawtooth"; it must be poisson, constant/,
    );
  });
});
