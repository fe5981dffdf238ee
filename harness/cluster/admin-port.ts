/**
 * One call of a node's admin port: what it answered, whatever the status, or that it did not answer. Bodies are
 * parsed here once; what an older or newer server adds to them is passed over.
 */
import { request } from "undici";
import * as z from "zod";

export type AdminAnswer =
  /** `body` is undefined where none came or it is no JSON. */
  | { readonly type: "answered"; readonly status: number; readonly body: unknown }
  /** Nothing is known of what the call did. `reason` has no full stop. */
  | { readonly type: "silent"; readonly reason: string };

/** An order waits until the node has told every member it can reach. */
const answerWithinMs = 5_000;

/** `url` with its path and query; `waitMs` is what the call itself was told to wait. Never rejects. */
export async function callAdmin(method: "GET" | "POST", url: string, waitMs = 0): Promise<AdminAnswer> {
  const signal = AbortSignal.timeout(answerWithinMs + waitMs);
  try {
    const { statusCode, body } = await request(url, {
      method,
      signal,
      headersTimeout: answerWithinMs + waitMs,
    });
    return { type: "answered", status: statusCode, body: parsed(await body.text()) };
  } catch (problem) {
    return { type: "silent", reason: problem instanceof Error ? problem.message : String(problem) };
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const membersShape = z.array(
  z.object({ nodeId: z.string(), state: z.string(), incarnation: z.string().optional() }),
);
const transferShape = z.object({
  wantedCount: z.number(),
  dueCount: z.number(),
  outgoingCount: z.number(),
  leftoverCount: z.number(),
});
const refusalShape = z.object({ detail: z.string() });

/** Each member with its state, as the node knows it; undefined when it does not say. */
export async function askMembers(adminUrl: string): Promise<ReadonlyMap<string, string> | undefined> {
  const members = membersShape.safeParse(await bodyOf(`${adminUrl}/admin/members`)).data;
  return members && new Map(members.map(({ nodeId, state }) => [nodeId, state]));
}

/** Each member with the incarnation that has its name, as the node knows it; undefined when it does not say. */
export async function askIncarnations(
  adminUrl: string,
): Promise<ReadonlyMap<string, string | undefined> | undefined> {
  const members = membersShape.safeParse(await bodyOf(`${adminUrl}/admin/members`)).data;
  return members && new Map(members.map(({ nodeId, incarnation }) => [nodeId, incarnation]));
}

/** How many moves the node has before it, of all kinds; undefined when it does not say. */
export async function askTransfer(adminUrl: string): Promise<number | undefined> {
  const status = transferShape.safeParse(await bodyOf(`${adminUrl}/admin/transfer`)).data;
  return status && status.wantedCount + status.dueCount + status.outgoingCount + status.leftoverCount;
}

async function bodyOf(url: string): Promise<unknown> {
  const answer = await callAdmin("GET", url);
  return answer.type === "answered" && answer.status === 200 ? answer.body : undefined;
}

/** The node's own sentence for why it refuses; undefined when there is none. */
export const refusalIn = (body: unknown): string | undefined => refusalShape.safeParse(body).data?.detail;
