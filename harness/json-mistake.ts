/** What is wrong with a file that people write by hand, as one sentence with the place in it. */
import type * as z from "zod";

/** The first issue of a file that is no such thing: 'faults[1].start is wrong: it must be a time.' */
export function issueSentence(issue: z.core.$ZodIssue | undefined): string {
  if (issue === undefined) return "it is no plan.";
  const place = placeText(issue.path);
  if (issue.code === "unrecognized_keys") return `${place} has a field "${issue.keys[0]}" that is not known.`;
  return `${place} is wrong: ${issue.message.replace(/\.$/, "")}.`;
}

/** ["matrix", "quorums", 1, "r"] -> "matrix.quorums[1].r". */
const placeText = (path: readonly PropertyKey[]): string =>
  path
    .map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`))
    .join("")
    .replace(/^\./, "") || "the plan";
