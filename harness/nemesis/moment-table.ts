/** The moments at which a fault can strike, as README.md has them. */
import { moments } from "../../server/adapters/moments.ts";

export const momentTableMarks = {
  start: "<!-- moments: generated from server/adapters/moments.ts -->",
  end: "<!-- end of moments -->",
} as const;

/** `readme` with the table between its marks as it is now; undefined when there is no such place. */
export function withMomentTable(readme: string): string | undefined {
  const [start, end] = [readme.indexOf(momentTableMarks.start), readme.indexOf(momentTableMarks.end)];
  if (start < 0 || end < start) return undefined;
  const rows = [...moments].map(([moment, { meaning }]) => `| \`${moment}\` | ${meaning} |`);
  const before = readme.slice(0, start + momentTableMarks.start.length);
  return [before, "| Moment | What is so then |", "|---|---|", ...rows, readme.slice(end)].join("\n");
}
