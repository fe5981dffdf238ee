/**
 * Headers that would change what a write means, were they understood here. They are refused rather than passed over: a
 * client that says `if-none-match: *` must not overwrite what it believed to be absent, and one that sends a value
 * compressed must not have it read as if it were not.
 */
import { type Answer, refusal } from "./answer.ts";

const preconditions = ["if-match", "if-none-match", "if-unmodified-since"];

/** Why the write cannot be taken, or undefined. `header` as in `Call`. */
export function refusalOfHeaders(header: (name: string) => string | undefined): Answer | undefined {
  const condition = preconditions.find((name) => header(name) !== undefined);
  if (condition !== undefined) {
    const detail = `The header ${condition} is not served; send the context of a read instead.`;
    return refusal("precondition", detail);
  }
  if (header("content-range") !== undefined) {
    return refusal("bad-request", "A part of a value cannot be written; leave the header content-range out.");
  }
  const encoding = header("content-encoding")?.trim().toLowerCase() ?? "identity";
  if (encoding === "identity" || encoding === "") return undefined;
  return refusal("encoded-body", "The value has a content-encoding; send its bytes without that header.");
}
