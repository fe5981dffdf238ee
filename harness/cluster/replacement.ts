/**
 * Whether the process that now runs under a member's name is that member to the others. A store that draws a new
 * incarnation for an empty disk keeps it out until an operator says that it replaces the former one (Dynamo §4.8.1:
 * only an explicit order changes who belongs). One that has noticed its loss by itself needs none.
 */
import { setTimeout as delay } from "node:timers/promises";
import { request } from "undici";
import * as z from "zod";
import { askIncarnations, callAdmin, refusalIn } from "./admin-port.ts";
import type { Done, NodeAddress } from "./cluster.ts";
import { awaitChange, type Patience } from "./member-orders.ts";

const forPlaces: Patience = { withinMs: 15_000, betweenMs: 100 };
const askWithinMs = 3_000;

const healthShape = z.object({ incarnation: z.string() });

/**
 * `isEmptied`: an order is given at once; otherwise only when half of the patience is over. Done when a member names
 * the incarnation that runs, or the store knows none. Failed: nobody did in time.
 */
export async function takePlace(
  address: NodeAddress,
  others: readonly NodeAddress[],
  isEmptied: boolean,
  patience: Patience = forPlaces,
): Promise<Done> {
  const { node } = address;
  const before = performance.now();
  let last = `${node} does not say who it is`;
  for (;;) {
    const own = await incarnationOf(address);
    if (own.type === "nameless") return { type: "done", evidence: "nobody tells it from its former self" };
    if (own.type === "named") {
      const known = await Promise.all(others.map(({ adminUrl }) => askIncarnations(adminUrl)));
      if (known.some((incarnations) => incarnations?.get(node) === own.incarnation)) {
        const { evidence } = await awaitChange(node, [address, ...others]);
        return { type: "done", evidence };
      }
      const age = performance.now() - before;
      last = isEmptied || age > patience.withinMs / 2 ? await order(node, others) : "it was waited for";
    }
    if (performance.now() - before > patience.withinMs)
      return { type: "failed", reason: `${node} has not its place after ${patience.withinMs} ms: ${last}.` };
    await delay(patience.betweenMs);
  }
}

type Named =
  | { readonly type: "named"; readonly incarnation: string }
  /** It answers, and speaks of no incarnation. */
  | { readonly type: "nameless" }
  | { readonly type: "silent" };

async function incarnationOf({ httpUrl }: NodeAddress): Promise<Named> {
  try {
    const { body } = await request(`${httpUrl}/v1/health`, { signal: AbortSignal.timeout(askWithinMs) });
    const parsed = healthShape.safeParse(await body.json().catch(() => undefined));
    return parsed.success ? { type: "named", incarnation: parsed.data.incarnation } : { type: "nameless" };
  } catch {
    return { type: "silent" };
  }
}

/** Of the first who takes it; the last refusal otherwise. */
async function order(node: string, others: readonly NodeAddress[]): Promise<string> {
  let last = "nobody answers";
  for (const { node: member, adminUrl } of others) {
    const answer = await callAdmin("POST", `${adminUrl}/admin/replace?node=${encodeURIComponent(node)}`);
    if (answer.type === "answered" && answer.status === 200) return `${member} took the order`;
    last =
      answer.type === "silent"
        ? `${member} does not answer`
        : `${member} says ${(refusalIn(answer.body) ?? `status ${answer.status}`).replace(/\.$/, "")}`;
  }
  return last;
}
