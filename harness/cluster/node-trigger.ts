/**
 * A node that stops itself at a moment of a protocol: armed, awaited, and continued. What it was armed with it says
 * itself; that it stands still is read from /proc.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { Moment } from "../../server/adapters/moments.ts";
import type { Done, NodeAddress } from "./cluster.ts";
import type { NodeProcess } from "./node-process.ts";
import { callTrigger } from "./trigger-port.ts";

const continuedWithinMs = 10_000;
const betweenTriesMs = 20;

export async function armNode({ node, verificationUrl }: NodeAddress, moment: Moment): Promise<Done> {
  const answer = await callTrigger("POST", verificationUrl, `?event=${moment}`);
  if (answer.type === "answered") return { type: "done", evidence: `${node} is armed with ${moment}` };
  return { type: "failed", reason: `${node} cannot be armed with ${moment}: ${answer.reason}.` };
}

/**
 * Until the node says that it is unarmed, or is down. It may meet its moment while it is asked, and is then silent:
 * so it is continued and asked again.
 */
export async function disarmNode(
  { node, verificationUrl }: NodeAddress,
  process: Pick<NodeProcess, "isUp" | "isStopped" | "resume">,
): Promise<Done> {
  const until = performance.now() + continuedWithinMs;
  for (;;) {
    if (!process.isUp) return { type: "done", evidence: "it is down, and nothing is armed" };
    if (process.isStopped) await process.resume();
    const answer = await callTrigger("DELETE", verificationUrl);
    if (answer.type === "answered") {
      const fired =
        answer.fired === null ? "did not meet its moment" : `says that it stopped at ${answer.fired}`;
      return { type: "done", evidence: `it goes on, and ${fired}` };
    }
    if (performance.now() >= until)
      return { type: "failed", reason: `${node} does not say that it is unarmed: ${answer.reason}.` };
    await delay(betweenTriesMs);
  }
}
