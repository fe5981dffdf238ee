/** The JSON of the admin port, said once: its description is made from it. */
import * as z from "zod";
import { memberStates } from "../core/membership.ts";

const count = z.int().nonnegative();
const nodeId = z.string();
const state = z.enum(memberStates);
const comparison = z.enum(["equal", "differed", "unknown"]);

export const orderedSchema = z.object({
  type: z.literal("ok"),
  state,
  ringHash: z.string(),
  knownBy: z.array(nodeId),
});

/** Null where it is not known how much there is. */
const unsure = count.nullable();

export const planSchema = z.object({
  type: z.literal("ok"),
  changes: z.array(z.object({ nodeId, state })),
  ringHash: z.object({ before: z.string(), after: z.string() }),
  moves: z.array(
    z.object({
      partition: count,
      copies: count,
      to: nodeId,
      from: nodeId.nullable(),
      isKept: z.boolean(),
      keyCount: unsure,
      byteCount: unsure,
    }),
  ),
  nodes: z.array(
    z.object({
      nodeId,
      before: count,
      after: count,
      takes: count,
      gives: count,
      takesBytes: count,
      givesBytes: count,
    }),
  ),
  keyCount: count,
  byteCount: count,
  unknownCount: count,
  fewestHolders: count,
});

/** A member, or one change of its history. */
export const changesSchema = z.array(z.looseObject({ nodeId, incarnation: z.string(), state }));

export const strangersSchema = z.array(z.looseObject({ nodeId, incarnation: z.string() }));

export const transferSchema = z.object({
  isPaused: z.boolean(),
  wantedCount: count,
  dueCount: count,
  outgoingCount: count,
  leftoverCount: count,
  underWay: z.array(z.object({ partition: count, copies: count, to: nodeId })),
});

export const handoffSchema = z.object({
  isPaused: z.boolean(),
  hintCount: count,
  hintBytes: count,
  targets: z.array(z.object({ nodeId, hintCount: count, isReachable: z.boolean() })),
});

export const drainSchema = z.object({
  isDraining: z.boolean(),
  mayStop: z.boolean(),
  reason: z.string().exactOptional(),
  requestsInFlight: count,
  strandedHintCount: count,
  unreachablePeers: z.array(nodeId),
});

export const partitionRepairSchema = z.object({
  type: z.literal("ok"),
  isWhole: z.boolean(),
  trees: z.array(
    z.object({
      partition: count,
      copies: count,
      keyCount: count,
      homes: z.array(z.object({ nodeId, comparison })),
    }),
  ),
});

export const keyRepairSchema = z.object({
  isWhole: z.boolean(),
  homes: z.array(z.object({ nodeId, ending: z.enum(["equal", "mended", "unknown"]) })),
});
