/** One act on several nodes at once, as one outcome: done when it was done to each, with all the evidence. */
import type { NodeName } from "../../checkers/history/event.ts";
import type { Done } from "../cluster/cluster.ts";

/** Waits for all, the failed ones too, so that nothing goes on behind the outcome. No node at all is a failure. */
export async function eachNode(
  nodes: readonly NodeName[],
  act: (node: NodeName) => Promise<Done>,
): Promise<Done> {
  if (nodes.length === 0) return { type: "failed", reason: "The fault names no node." };
  const outcomes = await Promise.all(nodes.map(async (node) => ({ node, outcome: await act(node) })));
  const reasons = outcomes.flatMap(({ outcome }) => (outcome.type === "failed" ? [outcome.reason] : []));
  if (reasons.length > 0) return { type: "failed", reason: reasons.join(" ") };
  const evidence = outcomes.map(
    ({ node, outcome }) => `${node}: ${outcome.type === "done" ? outcome.evidence : ""}`,
  );
  return { type: "done", evidence: evidence.join("; ") };
}
