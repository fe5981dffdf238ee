/**
 * The mission of this server: every claim of the paper and its lectures, part by part, with its proof. See
 * `mission-row.ts` for what a row is and how to fill one in.
 */
import type { MissionRow, Proof } from "./mission-row.ts";
import { goals } from "./part-a-goals.ts";
import { versions } from "./part-b-versions.ts";
import { partitioning } from "./part-c-partitioning.ts";
import { requests } from "./part-d-requests.ts";
import { failures } from "./part-e-failures.ts";
import { background } from "./part-f-background.ts";

/** All rows, in the order of their ids. */
export const mission: readonly MissionRow[] = [
  ...goals,
  ...versions,
  ...partitioning,
  ...requests,
  ...failures,
  ...background,
];

/** As Markdown: how many rows stand how, then row by row. */
export function missionTable(rows: readonly MissionRow[] = mission): string {
  const count = (standing: string): number => rows.filter((row) => row.standing === standing).length;
  const tally = `${rows.length} rows: ${count("proved")} proved, ${count("measured by the harness")} measured by the harness, ${count("open")} open.`;
  const lines = rows.map(({ id, claim, files, proofs, standing, result }) => {
    const end = standing === "proved" ? result : `**${standing}**: ${result}`;
    return `| ${id} | ${claim} | ${files.map(shown).join(", ")} | ${proofs.map(shownProof).join("; ")} | ${end} |`;
  });
  return [
    tally,
    "",
    "| | claim | file | test that proves it | result |",
    "|---|---|---|---|---|",
    ...lines,
  ].join("\n");
}

function shownProof([file, title]: Proof): string {
  return `${shown(file)} “${title.replaceAll("|", "\\|")}”`;
}

/** Paths within this room do without its name. */
function shown(file: string): string {
  return `\`${file.replace(/^server\//, "")}\``;
}
