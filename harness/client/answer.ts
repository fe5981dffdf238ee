/**
 * What an exchange with a node means for the request: it worked, it definitely did nothing, or nobody can tell. The
 * node's own word counts where it gives one; silence after sending is always unknown. Pure.
 *
 * A read changes nothing whatever becomes of it, so a read that got no answer has done nothing: `none`.
 */
import * as z from "zod";
import type { Acknowledged, Attempt, NodeName } from "../../checkers/history/event.ts";
import type { Exchanged } from "./exchange.ts";

export type Judged<T> =
  | { readonly outcome: "ok"; readonly answer: T }
  | { readonly outcome: Exclude<Attempt["outcome"], "ok">; readonly error: string };

export type ReadAnswer = {
  readonly siblings: readonly Uint8Array[];
  readonly tombstones: readonly string[];
  readonly context: string;
};

export type WriteAnswer = {
  readonly context: string;
  readonly acknowledged: readonly Acknowledged[];
  readonly coordinator?: NodeName;
};

const readShape = z.object({
  siblings: z.array(z.object({ value: z.base64() })),
  tombstones: z.array(z.string()),
  context: z.string(),
});

const writeShape = z.object({
  context: z.string(),
  writeId: z.string(),
  coordinator: z.exactOptional(z.string()),
  acknowledgements: z.array(
    z.object({
      node: z.string(),
      role: z.enum(["home", "fallback"]),
      durability: z.enum(["synced", "buffered"]),
    }),
  ),
});

const refusalShape = z.object({ error: z.string(), outcome: z.enum(["none", "unknown"]) });

/** One value, several, or none: all three are answers to a read. */
const readStatuses: readonly number[] = [200, 300, 404];

export function judgeRead(exchanged: Exchanged): Judged<ReadAnswer> {
  if (exchanged.type !== "answered") return { outcome: "none", error: exchanged.error };
  const json = jsonOf(exchanged.body);
  const found = readStatuses.includes(exchanged.status) ? readShape.safeParse(json) : undefined;
  if (found?.success !== true) return { outcome: "none", error: refusalOf(exchanged.status, json).error };
  const { siblings, tombstones, context } = found.data;
  const values = siblings.map(({ value }) => Buffer.from(value, "base64"));
  return { outcome: "ok", answer: { siblings: values, tombstones, context } };
}

/** `write` is the id that was sent: an acknowledgement of another one acknowledges nothing. */
export function judgeWrite(exchanged: Exchanged, write: string): Judged<WriteAnswer> {
  if (exchanged.type === "unsent") return { outcome: "none", error: exchanged.error };
  if (exchanged.type === "lost") return { outcome: "unknown", error: exchanged.error };
  const json = jsonOf(exchanged.body);
  if (exchanged.status !== 200) return refusalOf(exchanged.status, json);
  const parsed = writeShape.safeParse(json);
  if (!parsed.success) return { outcome: "unknown", error: "unreadable answer" };
  const { context, writeId, acknowledgements: acknowledged, coordinator } = parsed.data;
  if (writeId !== write) return { outcome: "unknown", error: `answer to another write, ${writeId}` };
  return {
    outcome: "ok",
    answer: { context, acknowledged, ...(coordinator === undefined ? {} : { coordinator }) },
  };
}

/** A refusal that does not say what it did may have done anything. */
const refusalOf = (status: number, json: unknown) => {
  const parsed = refusalShape.safeParse(json);
  return parsed.success
    ? { outcome: parsed.data.outcome, error: parsed.data.error }
    : { outcome: "unknown" as const, error: `status ${status}` };
};

const jsonOf = (body: Buffer): unknown => {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return undefined;
  }
};
