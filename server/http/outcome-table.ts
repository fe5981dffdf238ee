/** The table of errors in server/README.md, made from `outcomes.ts` so that it is typed only once. */
import { errors } from "../outcomes.ts";

export const outcomeTableStart = "<!-- outcomes: generated from server/outcomes.ts -->";
export const outcomeTableEnd = "<!-- end of outcomes -->";

export function outcomeTable(): string {
  const rows = Object.entries(errors).map(
    ([name, { status, meaning }]) => `| \`${name}\` | ${status} | ${meaning} |`,
  );
  return ["| error | status | meaning |", "|---|---|---|", ...rows].join("\n");
}

/** `readme` with the table between its marks brought up to date; undefined when a mark is missing. */
export function withOutcomeTable(readme: string): string | undefined {
  const start = readme.indexOf(outcomeTableStart);
  const end = readme.indexOf(outcomeTableEnd);
  if (start < 0 || end < start) return undefined;
  const before = readme.slice(0, start + outcomeTableStart.length);
  return `${before}\n\n${outcomeTable()}\n\n${readme.slice(end)}`;
}
