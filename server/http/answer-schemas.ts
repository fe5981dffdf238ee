/**
 * The JSON of the client API, said once: the description of the API is made from it, and the client library reads
 * answers with it.
 */
import * as z from "zod";
import { errors } from "../outcomes.ts";

const count = z.int().nonnegative();
const port = z.int().min(0).max(65_535);
const versions = z.enum(["dvv", "vv-max", "lww"]);
const nodeId = z.string();

/** A read: all concurrent values, none of an absent or deleted key. */
export const foundSchema = z.object({
  siblings: z.array(z.object({ value: z.base64(), writeId: z.string() })),
  tombstones: z.array(z.string()),
  context: z.string(),
  coordinator: nodeId,
  replied: z.array(nodeId),
  versions,
});

export const wroteSchema = z.object({
  context: z.string(),
  writeId: z.string(),
  dot: z.string(),
  coordinator: nodeId,
  acknowledgements: z.array(
    z.object({
      node: nodeId,
      role: z.enum(["home", "fallback"]),
      standsInFor: nodeId.exactOptional(),
      durability: z.enum(["synced", "buffered"]),
    }),
  ),
  degraded: z.boolean(),
  versions,
});

type ErrorNames = readonly [keyof typeof errors, ...(keyof typeof errors)[]];

/** Why a call failed, and whether it may have had an effect all the same. */
export const failureSchema = z.object({
  error: z.enum(Object.keys(errors) as unknown as ErrorNames),
  outcome: z.enum(["none", "unknown"]),
  detail: z.string(),
  needed: count.exactOptional(),
  had: count.exactOptional(),
});

export const preferenceSchema = z.object({
  partition: count,
  homes: z.array(nodeId),
  fallbacks: z.array(nodeId),
});

/** Members and buckets carry more than is said here; a client that places keys itself checks the hash. */
export const ringSchema = z.looseObject({
  hash: z.string(),
  partitionCount: count,
  members: z.array(z.looseObject({ nodeId, host: z.string(), rpcPort: port, httpPort: port })),
  buckets: z.array(z.looseObject({ name: z.string(), n: count, r: count, w: count })),
  partitions: z.array(z.array(nodeId)),
});

export const healthSchema = z.looseObject({
  nodeId,
  incarnation: z.string(),
  boot: count,
  phase: z.enum(["starting", "serving", "draining", "stopping", "stopped"]),
  isReadOnly: z.boolean(),
  requestsInFlight: count,
  hintCount: count,
  hintBytes: count,
  peers: z.array(z.looseObject({ nodeId, isReachable: z.boolean() })),
});
