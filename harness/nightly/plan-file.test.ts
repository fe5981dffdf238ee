import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type NightlyPlan, parseNightlyPlan } from "./plan-file.ts";
import { inShard, parseShard } from "./shard.ts";
import { nightlyWorkflow } from "./workflow.ts";

const smallNight = readFileSync(join(import.meta.dirname, "small-night.json"), "utf8");

const planned = (text: string): NightlyPlan => {
  const plan = parseNightlyPlan(text, "night.json");
  if ("type" in plan) throw new Error(plan.sentence);
  return plan;
};

const matrix = { workloads: ["shopping-cart"], faults: ["none"] };
const small = { schema: 1, name: "night", seed: 1, timeLimit: "5m" };
const sentenceOf = (content: unknown): string => {
  const plan = parseNightlyPlan(JSON.stringify(content), "night.json");
  return "type" in plan ? plan.sentence : "it was accepted";
};

describe("a plan of a night", () => {
  it("crosses workloads, faults, quorums and versions, and adds the single cells", () => {
    const { cells } = planned(
      JSON.stringify({
        ...small,
        matrix: {
          workloads: ["shopping-cart", "key-value"],
          faults: ["none", "kill"],
          quorums: [
            { n: 3, r: 2, w: 2 },
            { n: 3, r: 1, w: 1 },
          ],
          versions: ["dvv", "vv-max"],
        },
        cells: [{ id: "one more", workload: "register" }],
      }),
    );

    expect(cells).toHaveLength(17);
    expect(cells[5]).toMatchObject({ id: "shopping-cart n3r2w2 vv-max kill", seed: 6 });
    expect(cells[5]?.words).toEqual([
      "--n=3",
      "--r=2",
      "--w=2",
      "--versions=vv-max",
      "--faults=kill",
      "--seed=6",
    ]);
    expect(new Set(cells.map(({ seed }) => seed)).size).toBe(17);
  });

  it("is the one that comes with Tipcart: twelve cells, three of them planted", () => {
    const { cells } = planned(smallNight);

    expect(cells).toHaveLength(12);
    expect(cells.filter(({ id }) => id.startsWith("planted"))).toHaveLength(3);
  });

  it("lets the flags of a cell win over those of the plan", () => {
    const { cells } = planned(
      JSON.stringify({
        ...small,
        flags: { rate: 200, strict: true },
        cells: [{ id: "slow", workload: "register", flags: { rate: 20 } }],
      }),
    );

    expect(cells[0]?.words).toEqual(["--rate=20", "--strict", "--seed=1"]);
  });

  it.each([
    [{ ...small, matrix, cellz: [] }, 'night.json: the plan has a field "cellz" that is not known.'],
    [
      {
        ...small,
        matrix: {
          ...matrix,
          quorums: [
            { n: 3, r: 2, w: 2 },
            { n: 3, r: "2", w: 2 },
          ],
        },
      },
      "night.json: matrix.quorums[1].r is wrong: Invalid input: expected number, received string.",
    ],
    [
      { ...small, matrix: { ...matrix, workloads: ["cart"] } },
      'night.json: matrix.workloads[0] is wrong: no workload is called "cart"; known are shopping-cart,',
    ],
    [
      { ...small, timeLimit: "soon", matrix },
      'night.json: timeLimit is wrong: it must be a time such as "15m" or "2h".',
    ],
    [
      { ...small, matrix: { ...matrix, faults: ["none", "quake"] } },
      'night.json: matrix, cell "shopping-cart quake": --faults: "quake" is no fault; known are kill, ',
    ],
    [
      { ...small, cells: [{ id: "a", workload: "register", flags: { speed: 3 } }] },
      "night.json: cells[0]: unknown option '--speed=3' (Did you mean --seed?).",
    ],
    [
      { ...small, cells: [{ id: "a", workload: "register", flags: { seed: 3 } }] },
      "night.json: cells[0]: flags.seed is set by the night itself.",
    ],
    [
      { ...small, cells: [{ id: "a", workload: "register", flags: { n: 9 } }] },
      "night.json: cells[0]: --n is 9; it must be",
    ],
    [
      {
        ...small,
        cells: [
          { id: "a", workload: "register" },
          { id: "a", workload: "register" },
        ],
      },
      'night.json: two cells are called "a".',
    ],
    [small, "night.json: it has no cell: neither a matrix nor cells."],
  ])("refuses what is wrong and names its place: %#", (content, sentence) => {
    const said = sentenceOf(content);

    expect(said).toContain(sentence);
  });

  it("says where JSON ends to be JSON, without a stack", () => {
    const plan = parseNightlyPlan('{"schema":', "night.json");

    expect(plan).toMatchObject({ type: "refused", exit: "usage" });
    expect("sentence" in plan && plan.sentence).toMatch(/^night\.json: it is no JSON: [^\n]+$/);
  });
});

describe("shards", () => {
  it("hold every cell once, whatever their number", () => {
    const { cells } = planned(smallNight);

    for (const count of [1, 2, 3, 5, 8, 20]) {
      const all = Array.from({ length: count }, (_, place) =>
        inShard(cells, { index: place + 1, count }),
      ).flat();
      expect(all.map(({ id }) => id).toSorted()).toEqual(cells.map(({ id }) => id).toSorted());
    }
  });

  it("are named by place and number", () => {
    expect(parseShard("2/8")).toEqual({ index: 2, count: 8 });
    for (const text of ["0/8", "9/8", "2", "2/8/1", "-1/8", "2/0"]) expect(parseShard(text)).toBeUndefined();
  });

  it("each have a job in the workflow, and one merges them whatever happened", () => {
    const text = nightlyWorkflow("night.json", 3);

    expect(text).toContain("shard: [1, 2, 3]");
    expect(text).toContain("tipcart nightly night.json --shard ${{ matrix.shard }}/3");
    expect(text).toMatch(/verdict:\n {4}needs: shard\n {4}if: always\(\)/);
  });
});
