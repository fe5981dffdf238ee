/**
 * What the harness asks of a node's verification port: is it calm, and what does it hold. The port is opened for
 * the harness only and speaks JSON; whatever comes back is parsed here once and typed after.
 */
import { request } from "undici";
import * as z from "zod";
import type { NodeAddress } from "../cluster/cluster.ts";

export type Asked<T> =
  | { readonly type: "ok"; readonly value: T }
  | { readonly type: "fail"; readonly reason: string };

const calmSchema = z.object({
  isQuiet: z.boolean(),
  reason: z.string().optional(),
  hintCount: z.number(),
  unreachablePeers: z.array(z.string()),
  treeRoots: z.record(z.string(), z.string()),
  counters: z.record(z.string(), z.number()),
});
export type NodeCalm = z.infer<typeof calmSchema>;

const dumpSchema = z.object({
  entries: z.array(
    z.object({
      bucket: z.string(),
      key: z.string(),
      homes: z.array(z.string()),
      state: z.string(),
      siblings: z.array(z.object({ writeId: z.string(), digest: z.string() })),
      tombstones: z.array(z.string()),
    }),
  ),
  next: z.string().nullable(),
});
export type DumpPage = z.infer<typeof dumpSchema>;

/** One question, one answer. A refused connection, a time-out or an answer of another shape is a `fail`. */
async function ask<T>(
  url: string,
  options: { readonly method: "GET" | "POST"; readonly timeoutMs: number; readonly schema: z.ZodType<T> },
): Promise<Asked<T>> {
  try {
    const answer = await request(url, {
      method: options.method,
      headersTimeout: options.timeoutMs,
      bodyTimeout: options.timeoutMs,
      signal: AbortSignal.timeout(options.timeoutMs),
    });
    const body: unknown = await answer.body.json();
    if (answer.statusCode !== 200) return { type: "fail", reason: `${url} answered ${answer.statusCode}` };
    const parsed = options.schema.safeParse(body);
    if (parsed.success) return { type: "ok", value: parsed.data };
    return {
      type: "fail",
      reason: `${url} answered in an unknown shape: ${parsed.error.issues[0]?.message}`,
    };
  } catch (error) {
    return { type: "fail", reason: `${url}: ${error instanceof Error ? error.message : String(error)}` };
  }
}

export const askCalm = (address: NodeAddress): Promise<Asked<NodeCalm>> =>
  ask(`${address.verificationUrl}/verify/calm`, { method: "GET", timeoutMs: 5_000, schema: calmSchema });

/** Lets the node deliver its hints and compare its trees at once; answers when it is quiet or the time is up. */
export const askQuiesce = (address: NodeAddress, timeoutMs: number): Promise<Asked<NodeCalm>> =>
  ask(`${address.verificationUrl}/verify/quiesce?timeout=${timeoutMs}`, {
    method: "POST",
    timeoutMs: timeoutMs + 5_000,
    schema: calmSchema,
  });

/** One page of the keys the node holds; `after` is the cursor of the page before, absent for the first. */
export const askDump = (address: NodeAddress, after: string | undefined): Promise<Asked<DumpPage>> =>
  ask(
    `${address.verificationUrl}/verify/dump?limit=1000${after === undefined ? "" : `&after=${encodeURIComponent(after)}`}`,
    { method: "GET", timeoutMs: 20_000, schema: dumpSchema },
  );
