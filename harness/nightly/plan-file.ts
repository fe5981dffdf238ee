/**
 * The plan file of a night: a matrix of workloads, faults, quorums and versions, and single cells beside it. It is
 * read strictly, so that a misspelt field is a sentence with its place and never a matrix that is smaller than meant.
 *
 *   { "schema": 1, "name": "nightly", "seed": 7, "timeLimit": "15m",
 *     "flags": { "steady": "10s" },
 *     "matrix": { "workloads": ["shopping-cart"], "faults": ["none", "kill"],
 *                 "quorums": [{ "n": 3, "r": 2, "w": 2 }], "versions": ["dvv"] },
 *     "cells": [{ "id": "one more", "workload": "register", "flags": { "r": 1, "w": 1 } }] }
 *
 * `flags` are those of `tipcart run` without their dashes. Those of a cell win over those of the plan.
 */
import { createHash } from "node:crypto";
import * as z from "zod";
import { catalog } from "../../workloads/catalog.ts";
import { parseDuration } from "../fault-notation.ts";
import { readJson } from "../json-mistake.ts";
import { type Refusal, refuse } from "../outcome.ts";
import { type Cell, type CellFlags, cellOf } from "./cell.ts";

const workload = z.string().refine((name) => catalog.has(name), {
  error: ({ input }) =>
    `no workload is called "${String(input)}"; known are ${[...catalog.keys()].join(", ")}`,
});
const flags = z.record(z.string(), z.union([z.string(), z.number(), z.literal(true)]));
const copies = z.number().int().min(1).max(15);

const planSchema = z.strictObject({
  schema: z.literal(1),
  name: z.string().min(1).max(100),
  seed: z
    .number()
    .int()
    .min(0)
    .max(2 ** 30),
  /** For all cells together; what was not begun by then is inconclusive. */
  timeLimit: z.string().refine((text) => (parseDuration(text) ?? 0) > 0, {
    error: 'it must be a time such as "15m" or "2h"',
  }),
  flags: flags.default({}),
  matrix: z
    .strictObject({
      workloads: z.array(workload).min(1),
      faults: z.array(z.string()).min(1),
      quorums: z
        .array(z.strictObject({ n: copies, r: copies, w: copies }))
        .min(1)
        .optional(),
      versions: z
        .array(z.enum(["dvv", "vv-max", "lww"]))
        .min(1)
        .optional(),
    })
    .optional(),
  cells: z
    .array(z.strictObject({ id: z.string().min(1).max(80), workload, flags: flags.default({}) }))
    .default([]),
});

type PlanFile = z.infer<typeof planSchema>;

export type NightlyPlan = {
  readonly name: string;
  readonly timeLimitMs: number;
  /** Of the file's meaning: white space and the order of fields do not matter. */
  readonly hash: string;
  /** Each of them is a plan that `tipcart run` would accept. */
  readonly cells: readonly Cell[];
};

/** Cells of one night; more is a mistake in the matrix. */
const cellCountMax = 1_000;

/** `name` is the file's, for the sentence that refuses it. */
export function parseNightlyPlan(text: string, name: string): NightlyPlan | Refusal {
  const wrong = (sentence: string): Refusal => refuse("usage", `${name}: ${sentence}`);
  const read = readJson(text, planSchema);
  if (read.type === "wrong") return wrong(read.sentence);
  const drafts = draftsOf(read.content);
  if (drafts.length === 0) return wrong("it has no cell: neither a matrix nor cells.");
  if (drafts.length > cellCountMax)
    return wrong(`it makes ${drafts.length} cells; more than ${cellCountMax} are a mistake.`);
  const ids = drafts.map(({ id }) => id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) return wrong(`two cells are called "${twice}".`);
  const cells: Cell[] = [];
  for (const [index, draft] of drafts.entries()) {
    // The seed goes with the place in the whole plan, so that a shard runs what the whole would run.
    const cell = cellOf({ ...draft, seed: read.content.seed + index });
    if ("type" in cell) return wrong(`${draft.place}: ${cell.sentence}`);
    cells.push(cell);
  }
  return {
    name: read.content.name,
    timeLimitMs: parseDuration(read.content.timeLimit) ?? 0,
    hash: createHash("sha256").update(JSON.stringify(read.content)).digest("hex").slice(0, 12),
    cells,
  };
}

type Draft = {
  readonly id: string;
  readonly workload: string;
  readonly flags: CellFlags;
  /** Where it stands in the file. */
  readonly place: string;
};

function draftsOf({ flags: shared, matrix, cells }: PlanFile): readonly Draft[] {
  const single = cells.map((cell, index) => ({
    ...cell,
    flags: { ...shared, ...cell.flags },
    place: `cells[${index}]`,
  }));
  if (matrix === undefined) return single;
  const quorums: readonly (CellFlags | undefined)[] = matrix.quorums ?? [undefined];
  const versions: readonly (string | undefined)[] = matrix.versions ?? [undefined];
  const crossed = matrix.workloads.flatMap((name) =>
    matrix.faults.flatMap((faults) =>
      quorums.flatMap((quorum) =>
        versions.map((version) => {
          const own = { ...quorum, ...(version === undefined ? {} : { versions: version }), faults };
          const words = [
            name,
            quorum === undefined ? undefined : `n${quorum["n"]}r${quorum["r"]}w${quorum["w"]}`,
            version,
            faults,
          ];
          const id = words.filter((word) => word !== undefined).join(" ");
          return { id, workload: name, flags: { ...shared, ...own }, place: `matrix, cell "${id}"` };
        }),
      ),
    ),
  );
  return [...crossed, ...single];
}
