import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { plannedFrom } from "./commands/planned.ts";
import type { RunFlags } from "./commands/run-options.ts";
import { planText } from "./plan-text.ts";
import { replayCommand } from "./run/environment.ts";
import type { Plan } from "./test-plan.ts";

const small = {
  schema: 1,
  flags: { nodes: 5, rate: 200, seed: 7, "warm-up": "2s", recovery: "4s" },
  length: "40s",
  faults: [
    { fault: "partition:halves@n1/n2", start: "10s", length: "8s" },
    { fault: "clock:+1d@n3", start: "14s", length: "2s", every: "15s", times: 2 },
  ],
  calm: [{ start: "20s", length: "5s" }],
  budget: { unavailable: 2, overlapping: 2 },
};

let folder: string;
let path: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tipcart-plan-"));
  path = join(folder, "plan.json");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function planned(content: unknown, flags: RunFlags = {}): Plan {
  writeFileSync(path, JSON.stringify(content));
  const plan = plannedFrom(undefined, { ...flags, plan: path });
  if ("type" in plan) throw new Error(plan.sentence);
  return plan;
}

/** Without the name of the file before it. */
function sentenceOf(content: unknown): string {
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  const plan = plannedFrom(undefined, { plan: path });
  if (!("type" in plan)) return "accepted";
  expect(plan).toMatchObject({ type: "refused", exit: "usage" });
  expect(plan.sentence).toContain(path);
  return plan.sentence.replace(`${path}: `, "");
}

const withFault = (fault: object) => ({ ...small, calm: [], faults: [...small.faults, fault] });

describe("a plan file", () => {
  it("puts faults where it says, and the phases around them", () => {
    const plan = planned(small);

    expect(plan.faults.map(({ fault, from, until }) => [fault.id, from / 1e6, until / 1e6])).toEqual([
      ["1 partition", 10, 18],
      ["2 clock", 14, 16],
      ["3 clock", 29, 31],
    ]);
    expect(plan.phases.map(({ name, from, until }) => [name, from / 1e6, until / 1e6])).toEqual([
      ["warm-up", 0, 2],
      ["steady", 2, 10],
      ["1 partition+clock", 10, 18],
      ["after 1 partition+clock", 18, 22],
      ["steady 2", 22, 29],
      ["2 clock", 29, 31],
      ["after 2 clock", 31, 35],
      ["steady 3", 35, 40],
    ]);
    expect(plan.options).toMatchObject({ workload: "shopping-cart", rate: 200, seed: 7 });
  });

  it("gives way to the flags of the command line, and is named by the command that replays it", () => {
    const plan = planned(small, { rate: "50", seed: "9" });

    expect(plan.options).toMatchObject({ rate: 50, seed: 9 });
    expect(replayCommand(plan)).toContain(`--plan ${path}`);
    expect(replayCommand(plan)).not.toContain("--faults");
  });

  it("may ask for a swarm, drawn from the seed within its budget", () => {
    const swarm = { schema: 1, flags: { seed: 3 }, swarm: { length: "30s" }, budget: { overlapping: 1 } };

    const plan = planned(swarm);

    expect(planned(swarm)).toEqual(plan);
    expect(plan.faults.length).toBeGreaterThan(0);
    plan.faults.slice(1).forEach(({ from }, index) => {
      expect(from).toBeGreaterThanOrEqual(plan.faults[index]?.until ?? 0);
    });
  });

  it.each([
    [{ ...small, fautls: [] }, 'the plan has a field "fautls" that is not known.'],
    [
      withFault({ fault: "quake", start: "1s", length: "1s" }),
      'faults[2].fault is wrong: it says: "quake" is no fault; known are kill, stop,',
    ],
    [
      withFault({ fault: "kill", start: "soon", length: "1s" }),
      'faults[2].start is wrong: it must be a time such as "30s" or "500ms".',
    ],
    [
      withFault({ fault: "kill", start: "1s", length: "10ms" }),
      "faults[2].length is wrong: it must be at least 500ms.",
    ],
    [
      withFault({ fault: "kill", start: "39s", length: "2s" }),
      "faults[2] is wrong: it ends 1000 ms after the run.",
    ],
    [
      withFault({ fault: "kill", start: "1s", length: "2s", times: 3 }),
      "faults[2].every is missing: it comes more than once.",
    ],
    [
      withFault({ fault: "kill@n9", start: "1s", length: "2s" }),
      'faults[2] is wrong: it names node "n9"; the nodes are n1, n2, n3, n4, n5.',
    ],
    [
      { ...small, faults: [{ fault: "pause@n1", start: "18s", length: "4s" }] },
      "faults[0] is wrong: 1 pause reaches into the calm from 20000 ms on.",
    ],
    [
      withFault({ fault: "pause@n4", start: "11s", length: "2s" }),
      "faults[2] is wrong: 2 pause leaves n1, n2, n4 unavailable; the budget is 2 nodes.",
    ],
    [
      withFault({ fault: "link:reset@n4", start: "11s", length: "2s" }),
      "faults[2] is wrong: 2 link leaves n1, n2, n4 unavailable; the budget is 2 nodes.",
    ],
    [
      {
        ...small,
        calm: [],
        faults: [
          { fault: "link:delay@n1", start: "10s", length: "4s" },
          { fault: "link:30%@n3", start: "11s", length: "2s" },
        ],
      },
      "faults[1] is wrong: 2 link and 1 link both hit a link at once; the heal of one would undo the other.",
    ],
    [
      withFault({ fault: "starve@n4", start: "15s", length: "2s" }),
      "faults[2] is wrong: 3 starve makes 3 faults at once; the budget is 2.",
    ],
    [
      withFault({ fault: "clock:-1h@n3", start: "15s", length: "2s" }),
      "faults[2] is wrong: 3 clock and 2 clock both hit n3 at once; the heal of one would undo the other.",
    ],
    [
      withFault({ fault: "power-cut:flipped@n1/n2", start: "30s", length: "2s" }),
      "faults[2] is wrong: 4 power-cut damages the disks of n1, n2; the budget is 1 disks.",
    ],
    [
      withFault({ fault: "disk:wiped@n1/n2", start: "30s", length: "2s" }),
      "faults[2] is wrong: 4 disk damages the disks of n1, n2; the budget is 1 disks.",
    ],
    [
      withFault({ fault: "kill@homes", start: "30s", length: "2s" }),
      "faults[2] is wrong: 4 kill leaves 3 it picks unavailable; the budget is 2 nodes.",
    ],
    [
      withFault({ fault: "kill!hint-stored", start: "15s", length: "2s" }),
      "faults[2] is wrong: 3 kill makes 3 faults at once; the budget is 2.",
    ],
    [
      withFault({ fault: "kill@n1", on: "soon", start: "1s", length: "2s" }),
      'faults[2].on is wrong: "soon" is no moment; known are write-minted,',
    ],
    [
      withFault({ fault: "stop@n1", on: "hint-stored", start: "1s", length: "2s" }),
      "faults[2].on is wrong: stop waits for no moment; kill, pause, partition, clock, power-cut can.",
    ],
    [
      withFault({ fault: "kill!hint-stored", on: "hint-stored", start: "1s", length: "2s" }),
      "faults[2].on is wrong: it waits for a moment already.",
    ],
    [
      {
        ...small,
        calm: [],
        faults: [
          { fault: "kill!hint-stored", start: "1s", length: "5s" },
          { fault: "pause@n3", start: "2s", length: "2s" },
        ],
      },
      "faults[1] is wrong: 2 pause and 1 kill both hit n3 at once; the heal of one would undo the other.",
    ],
    [
      {
        ...small,
        calm: [],
        faults: [
          { fault: "pause@n3!hint-stored", start: "1s", length: "5s" },
          { fault: "clock:+1h@n3!write-minted", start: "2s", length: "2s" },
        ],
      },
      "faults[1] is wrong: 2 clock and 1 pause both wait on n3 at once, which is armed with one moment at a time.",
    ],
    [{ ...small, budget: { unavailable: -1 } }, "budget.unavailable is wrong: "],
    [{ ...small, length: undefined }, 'length is missing: it must be a time such as "60s".'],
    [{ ...small, swarm: { length: "30s" } }, "it has both faults and a swarm."],
    [{ ...small, flags: { speed: 3 } }, "flags is wrong: unknown option '--speed=3'"],
    [{ ...small, workload: "cart" }, "workload is wrong: known are shopping-cart,"],
    ['{"schema":', "it is no JSON: "],
  ])("that is wrong is refused with the place: %#", (content, sentence) => {
    expect(sentenceOf(content)).toContain(sentence);
  });

  it("may aim at who keeps the hints of a node that is down, since that is another one", () => {
    const down = { fault: "kill@n2", start: "1s", length: "8s" };
    const aimed = { fault: "pause@hint-holder", on: "hint-delivered", start: "3s", length: "8s" };

    const plan = planned({ ...small, calm: [], faults: [down, aimed] });

    expect(plan.faults[1]?.fault).toMatchObject({
      aim: { role: "hint-holder", atMost: 1 },
      on: { moment: "hint-delivered" },
    });
    expect(planText(plan)).toContain(
      "pause the holder of most hints, as soon as the holder of most hints comes to hint-delivered",
    );
  });

  it("lets the power of all nodes be cut, since no disk is destroyed", () => {
    const all = { fault: "power-cut:whole@all", start: "30s", length: "2s" };

    const plan = planned({ ...small, calm: [], faults: [all] });

    expect(plan.faults[0]?.fault.nodes).toHaveLength(5);
  });

  it("that is not there is one sentence", () => {
    expect(plannedFrom(undefined, { plan: join(folder, "none.json") })).toMatchObject({
      exit: "usage",
      sentence: expect.stringMatching(/^--plan: .*none\.json cannot be read: /),
    });
  });
});

describe("a plan as text", () => {
  it("tells each fault with its time and all its numbers, and draws a timeline of even rows", () => {
    const text = planText(planned(small));
    const lines = text.split("\n");
    const timeline = lines.slice(lines.findIndex((line) => line.startsWith("Timeline")) + 1);

    expect(lines[0]).toBe("shopping-cart, seed 7: 5 nodes, n 3, r 2, w 2, 200 requests/s for 40.0 s.");
    expect(text).toContain("1 partition    10.0 s to   18.0 s  partition halves, in the order n1, n2, ");
    expect(text).toContain("2 clock        14.0 s to   16.0 s  clock of n3: jump by 86400000 ms");
    expect(timeline).toHaveLength(4);
    expect(new Set(timeline.map((line) => line.length)).size).toBe(1);
    expect(timeline[0]).toMatch(/phases +w+s+F+r+s+F+r+s+$/);
    expect(timeline[2]).toMatch(/2 clock +·+#+·+$/);
  });

  it("says when there is no fault", () => {
    expect(planText(planned({ ...small, faults: [] }))).toContain("No fault.");
  });
});
