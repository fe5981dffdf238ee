/**
 * The call of a node's verification port that arms it to stop itself at a moment of a protocol: one call, and what the
 * node said.
 */
import { request } from "undici";
import * as z from "zod";

export type TriggerAnswer =
  | { readonly type: "answered"; readonly armed: string | null; readonly fired: string | null }
  /** It refused, or it said nothing: a node that stands still does not. `reason` has no full stop. */
  | { readonly type: "unheard"; readonly reason: string };

/** A node that is armed runs, however busy it is; one that is disarmed may stand still, and is asked again. */
const answerWithinMs = { POST: 5_000, DELETE: 1_000 } as const;

const stateShape = z.object({ armed: z.string().nullable(), fired: z.string().nullable() });
const refusalShape = z.object({ detail: z.string() });

/** `query`: with its question mark, or empty. Never rejects. */
export async function callTrigger(
  method: "POST" | "DELETE",
  verificationUrl: string,
  query = "",
): Promise<TriggerAnswer> {
  const signal = AbortSignal.timeout(answerWithinMs[method]);
  try {
    const answer = await request(`${verificationUrl}/verify/trigger${query}`, { method, signal });
    const body: unknown = await answer.body.json();
    const state = stateShape.safeParse(body);
    if (state.success) return { type: "answered", ...state.data };
    const { detail } = refusalShape.safeParse(body).data ?? { detail: `It answered ${answer.statusCode}.` };
    return { type: "unheard", reason: detail.replace(/\.$/, "") };
  } catch (problem) {
    return { type: "unheard", reason: problem instanceof Error ? problem.message : String(problem) };
  }
}
