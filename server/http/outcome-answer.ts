/** What the node decided, as HTTP: the status, the headers and the JSON of reads and writes. */
import type { VersionsMode } from "../core/versions.ts";
import type { GetOutcome, WriteOutcome } from "../outcomes.ts";
import { type Answer, failureAnswer, jsonAnswer } from "./answer.ts";

type Found = Extract<GetOutcome, { type: "ok" }>;

/**
 * 200 for one value (raw, unless JSON is asked for), 300 for several, 404 for none. All three carry the context: a
 * write that follows a deletion has to know it. And all say how the bucket tells versions apart, for what a
 * single value means differs.
 */
export function getAnswer(outcome: GetOutcome, versions: VersionsMode, wantsJson: boolean): Answer {
  if (outcome.type === "fail") return failureAnswer({ ...outcome, effect: "none" });
  const [first] = outcome.siblings;
  const headers = {
    "tipcart-context": outcome.context,
    "tipcart-coordinator": outcome.coordinator,
    "tipcart-versions": versions,
  };
  if (outcome.siblings.length === 1 && first !== undefined && !wantsJson) {
    return {
      status: 200,
      headers: {
        ...headers,
        "tipcart-write-id": first.writeId,
        "content-type": "application/octet-stream",
        "x-content-type-options": "nosniff",
      },
      body: first.value,
    };
  }
  return jsonAnswer(statusOf(outcome.siblings.length), siblingsView(outcome, versions), headers);
}

export function writeAnswer(outcome: WriteOutcome, versions: VersionsMode): Answer {
  if (outcome.type !== "ok") {
    return failureAnswer({ ...outcome, effect: outcome.type === "fail" ? "none" : "unknown" });
  }
  const { context, writeId, dot, coordinator, acknowledgements, degraded } = outcome;
  return jsonAnswer(
    200,
    { context, writeId, dot, coordinator, acknowledgements, degraded, versions },
    {
      "tipcart-context": context,
      "tipcart-write-id": writeId,
      "tipcart-coordinator": coordinator,
      "tipcart-versions": versions,
    },
  );
}

function statusOf(siblingCount: number): number {
  if (siblingCount === 0) return 404;
  return siblingCount === 1 ? 200 : 300;
}

function siblingsView(found: Found, versions: VersionsMode) {
  return {
    siblings: found.siblings.map(({ value, writeId }) => ({
      value: Buffer.from(value).toString("base64"),
      writeId,
    })),
    tombstones: found.tombstones,
    context: found.context,
    coordinator: found.coordinator,
    replied: found.repliedNodes,
    versions,
  };
}
