/** Files that people write by hand: read as a schema has it, or refused in one sentence with the place in it. */
import type * as z from "zod";

export type Read<T> =
  | { readonly type: "read"; readonly content: T }
  | { readonly type: "wrong"; readonly sentence: string };

export function readJson<T>(text: string, schema: z.ZodType<T>): Read<T> {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    return { type: "wrong", sentence: `it is no JSON: ${reason}.` };
  }
  const parsed = schema.safeParse(content);
  return parsed.success
    ? { type: "read", content: parsed.data }
    : { type: "wrong", sentence: issueSentence(parsed.error.issues[0]) };
}

/** The first issue of a file that is no such thing: 'faults[1].start is wrong: it must be a time.' */
function issueSentence(issue: z.core.$ZodIssue | undefined): string {
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
