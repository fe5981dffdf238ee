/**
 * The tables of server/README.md that are made from the code: every error a client can see (`outcomes.ts`),
 * the defaults of every setting (`config.ts`), and what is claimed, proved and decided (`mission/`). Each
 * stands between two marks and is typed nowhere else; `npx vitest run --config .config/vitest.ts
 * server/readme-tables -u` renews them.
 */
import { defaultBucket, defaultIntervals, defaultLimits } from "./config.ts";
import { decisionTable } from "./mission/decisions.ts";
import { missionTable } from "./mission/mission.ts";
import { figureTable } from "./models/figures.ts";
import { errors } from "./outcomes.ts";

const tables: ReadonlyMap<string, () => string> = new Map([
  ["outcomes", outcomeTable],
  ["settings", settingsTable],
  ["mission", () => missionTable()],
  ["decisions", decisionTable],
  ["figures", figureTable],
]);

/** `readme` with each table between its marks brought up to date; undefined when a mark is missing. */
export function withTables(readme: string): string | undefined {
  let fresh: string | undefined = readme;
  for (const [name, table] of tables)
    fresh = fresh === undefined ? undefined : withTable(fresh, name, table());
  return fresh;
}

function withTable(readme: string, name: string, table: string): string | undefined {
  const startMark = `<!-- ${name}: made from the code -->`;
  const endMark = `<!-- end of ${name} -->`;
  const start = readme.indexOf(startMark);
  const end = readme.indexOf(endMark);
  if (start < 0 || end < start) return undefined;
  return `${readme.slice(0, start + startMark.length)}\n\n${table}\n\n${readme.slice(end)}`;
}

function outcomeTable(): string {
  const rows = Object.entries(errors).map(
    ([name, { status, meaning }]) => `| \`${name}\` | ${status} | ${meaning} |`,
  );
  return ["| error | status | meaning |", "|---|---|---|", ...rows].join("\n");
}

function settingsTable(): string {
  const groups = { "buckets.{name}": defaultBucket, intervals: defaultIntervals, limits: defaultLimits };
  const rows = Object.entries(groups).flatMap(([group, defaults]) =>
    Object.entries(defaults).map(([name, value]) => `| \`${group}.${name}\` | ${String(value)} |`),
  );
  return ["| setting | default |", "|---|---|", ...rows].join("\n");
}
