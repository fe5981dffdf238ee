/**
 * A row of the mission table: one claim of the Dynamo paper, or of a lecture on it, and what proves that it
 * holds.
 *
 * Rows are data, a file for each part of the paper, and `server/README.md` shows them; a test sees to it that
 * every file is there and that every test named really stands in the file named. To fill in a row, turn
 * `open` into `proved` and bring the README up to date with
 *
 *     npx vitest run --config .config/vitest.ts server/readme-tables -u
 *
 * which also settles a conflict in the README's table, whichever side is taken first.
 */

/** A test file, from the root of the project, and the title of a test in it as the source has it. */
export type Proof = readonly [file: string, title: string];

export type Standing =
  /** The tests named prove the whole claim. */
  | "proved"
  /** The feature is here with the tests named; its figure comes from runs of real processes under load. */
  | "measured by the harness"
  /** Something is missing; the tests named prove a part. */
  | "open";

export type MissionRow = {
  /** `C4`, or `E-3` in part E, where `E3` is a figure. */
  readonly id: string;
  /** The claim and where it is made. */
  readonly claim: string;
  readonly standing: Standing;
  /** Files that do it, from the root of the project. */
  readonly files: readonly string[];
  readonly proofs: readonly Proof[];
  /** What was seen; of an open row what is missing. */
  readonly result: string;
};

type Evidence = { readonly in: readonly string[]; readonly by: readonly Proof[]; readonly seen: string };

type Gap = {
  readonly in?: readonly string[];
  readonly by?: readonly Proof[];
  /** What nobody has shown yet. */
  readonly missing: string;
};

export function proved(id: string, claim: string, evidence: Evidence): MissionRow {
  return { id, claim, standing: "proved", files: evidence.in, proofs: evidence.by, result: evidence.seen };
}

export function byTheHarness(id: string, claim: string, evidence: Gap): MissionRow {
  const { in: files = [], by: proofs = [], missing } = evidence;
  return { id, claim, standing: "measured by the harness", files, proofs, result: missing };
}

export function open(id: string, claim: string, evidence: Gap): MissionRow {
  const { in: files = [], by: proofs = [], missing } = evidence;
  return { id, claim, standing: "open", files, proofs, result: missing };
}
