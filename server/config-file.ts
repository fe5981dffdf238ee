/**
 * The configuration of a node's process as a JSON file: checked whole, told in sentences.
 *
 * The member list is this node's own view: a peer's address here may be that of a proxy in between, so it is never
 * compared with what the peer says of itself. Only loopback is listened on, unless the file says otherwise twice.
 */
import * as z from "zod";
import {
  type BucketConfig,
  defaultBucket,
  defaultIntervals,
  defaultLimits,
  type Intervals,
  type Limits,
  type NodeConfig,
  type StorageEngine,
  timeoutMsMax,
} from "./config.ts";
import { clusterSecret, contradictionsOfReach, hostAddress } from "./config-security.ts";
import { nearestName } from "./config-suggestion.ts";
import { type LogLevel, logLevels } from "./log-level.ts";
import {
  partitionNumber,
  placementMistakes,
  placementSchema,
  rangeCountOf,
  strategyOf,
} from "./placement-file.ts";

export type Listen = {
  readonly host: string;
  /** True: may be reached from other machines; needs a cluster secret. The verification port never is. */
  readonly beyondLoopback?: boolean | undefined;
  /** 0 chooses a free port; what was chosen stands in the line printed when serving. */
  readonly rpcPort: number;
  readonly httpPort: number;
  /** Absent: no verification port. */
  readonly verificationPort?: number | undefined;
  /** Absent: no admin port. */
  readonly adminPort?: number | undefined;
};

export type ProcessConfig = {
  readonly node: NodeConfig;
  /** Null: everything in memory. */
  readonly dataDir: string | null;
  /** What keeps the data (`storage` in the file, default level). */
  readonly engine: StorageEngine;
  readonly listen: Listen;
  /** A file to which the trace goes as JSON lines. */
  readonly eventLog: string | null;
  /** Shared by the nodes of the cluster; without one their frames carry checksums only. */
  readonly clusterSecret?: string | undefined;
  /** The least that is told on standard error (default warn). */
  readonly logLevel?: LogLevel | undefined;
};

export type ParsedConfig =
  | { readonly type: "ok"; readonly config: ProcessConfig }
  /** One sentence for each mistake. */
  | { readonly type: "bad"; readonly mistakes: readonly string[] };

/** LMDB's bound of 1978 bytes, less what stands before a key in a store: target, partition and escaped bucket. */
const lmdbKeyBytesMax = 1024;

const name = z.string().regex(/^[A-Za-z0-9._-]{1,64}$/, "must be 1 to 64 of A-Z a-z 0-9 . _ -");
const shareBounds = "must be from 0.01 to 100";
const portToListen = wholeNumber(0, 65_535);
const portToReach = wholeNumber(1, 65_535);
const positive = wholeNumber(1, Number.MAX_SAFE_INTEGER);

const bucketSchema = z.strictObject({
  n: wholeNumber(1, 1000),
  r: wholeNumber(1, 1000),
  w: wholeNumber(1, 1000),
  pr: wholeNumber(0, 1000),
  pw: wholeNumber(0, 1000),
  dw: wholeNumber(0, 1000),
  sloppy: z.boolean(),
  hintsCountForW: z.boolean(),
  versions: z.enum(["dvv", "vv-max", "lww"]),
  readRepair: z.enum(["off", "async", "blocking"]),
  tombstones: z.enum(["keep", "proof"]),
  durability: z.enum(["fsync", "buffer", "buffer+one"]),
});

const memberSchema = z.strictObject({
  nodeId: name,
  host: hostAddress,
  rpcPort: portToReach,
  httpPort: portToReach,
  capacity: z.number().min(0.01, shareBounds).max(100, shareBounds).exactOptional(),
  dc: name.exactOptional(),
  rack: name.exactOptional(),
  seat: wholeNumber(0, 255).exactOptional(),
});

const fileSchema = z.strictObject({
  clusterId: name,
  nodeId: name,
  dataDir: z.string().min(1, "must not be empty").nullable(),
  storage: z.enum(["level", "lmdb", "memory"]).optional(),
  eventLog: z.string().min(1, "must not be empty").nullable().optional(),
  clusterSecret: clusterSecret.optional(),
  logLevel: z.enum(logLevels).optional(),
  members: z.array(memberSchema).max(256, "must name at most 256 nodes"),
  seeds: z.array(name).max(256, "must name at most 256 nodes").optional(),
  addresses: z.array(memberSchema).max(256, "must name at most 256 nodes").optional(),
  listen: z.strictObject({
    host: hostAddress,
    beyondLoopback: z.boolean().optional(),
    rpcPort: portToListen,
    httpPort: portToListen,
    verificationPort: portToListen.optional(),
    adminPort: portToListen.optional(),
  }),
  partitionCount: partitionNumber.optional(),
  placement: placementSchema.optional(),
  // As a map: a record would drop a bucket called __proto__ without a word.
  buckets: z.preprocess(mapOf, z.map(z.string(), bucketSchema.partial())).optional(),
  intervals: numbersLike(defaultIntervals).partial().optional(),
  limits: numbersLike(defaultLimits).partial().optional(),
});

type File = z.infer<typeof fileSchema>;

/** The configuration in `text`, with defaults filled in. Never throws. */
export function parseConfigFile(text: string): ParsedConfig {
  const json = parseJson(text);
  if (json === undefined) return { type: "bad", mistakes: ["The configuration is no JSON."] };
  const parsed = fileSchema.safeParse(json, { reportInput: true });
  if (!parsed.success) return { type: "bad", mistakes: parsed.error.issues.flatMap(sentencesOf) };
  const config = withDefaults(parsed.data);
  const mistakes = [
    ...contradictionsOf(config),
    ...contradictionsOfStorage(config),
    ...contradictionsOfReach(parsed.data),
    ...placementMistakes(parsed.data.placement, parsed.data.partitionCount, parsed.data.members),
  ];
  return mistakes.length === 0 ? { type: "ok", config } : { type: "bad", mistakes };
}

function withDefaults(file: File): ProcessConfig {
  const placement = strategyOf(file.placement, file.partitionCount);
  const { clusterId, nodeId, dataDir, members, listen, eventLog } = file;
  return {
    dataDir,
    engine: file.storage ?? (dataDir === null ? "memory" : "level"),
    listen,
    eventLog: eventLog ?? null,
    ...defined<ProcessConfig>({ clusterSecret: file.clusterSecret, logLevel: file.logLevel }),
    node: {
      clusterId,
      nodeId,
      members,
      ...defined<NodeConfig>({ seeds: file.seeds, addresses: file.addresses }),
      buckets: bucketsOf(file.buckets ?? new Map()),
      placement,
      partitionCount: rangeCountOf(placement, members),
      intervals: { ...defaultIntervals, ...defined<Intervals>(file.intervals ?? {}) },
      limits: { ...defaultLimits, ...defined<Limits>(file.limits ?? {}) },
    },
  };
}

/** What a bucket does not say, it takes from the file's `default`, and that from the built-in one. */
function bucketsOf(named: NonNullable<File["buckets"]>): ReadonlyMap<string, BucketConfig> {
  const base = { ...defaultBucket, ...defined<BucketConfig>(named.get("default") ?? {}) };
  const buckets = new Map([["default", base]]);
  for (const [bucket, settings] of named)
    buckets.set(bucket, { ...base, ...defined<BucketConfig>(settings) });
  return buckets;
}

/** What no single field can say: numbers that cannot be met, names that clash. */
function contradictionsOf({ node, dataDir }: ProcessConfig): readonly string[] {
  const { nodeId, members, buckets, intervals } = node;
  const mistakes: string[] = [];
  const ids = members.map((member) => member.nodeId);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) mistakes.push(`The member ${twice} is listed twice.`);
  const isToJoin = members.length === 0 && (node.seeds ?? []).length > 0;
  if (!isToJoin && !ids.includes(nodeId))
    mistakes.push(`The node ${nodeId} is not among the members (${ids.join(", ")}).`);
  const reachable = [...members, ...(node.addresses ?? [])].map((one) => one.nodeId);
  const unreachable = (node.seeds ?? []).find((seed) => !reachable.includes(seed));
  if (unreachable !== undefined)
    mistakes.push(`The seed ${unreachable} has no address among members or addresses.`);
  for (const [bucket, { n, ...asked }] of buckets) {
    if (!isToJoin && n > ids.length) {
      mistakes.push(`The bucket ${bucket} keeps n = ${n} copies, but the members are only ${ids.length}.`);
    }
    if (asked.dw > 0 && dataDir === null) {
      mistakes.push(
        `The bucket ${bucket} asks for dw = ${asked.dw} synced copies, but nothing is synced to memory.`,
      );
    }
    if (asked.tombstones === "proof" && intervals.reapGraceMs <= timeoutMsMax) {
      mistakes.push(
        `The bucket ${bucket} reaps deleted keys, so reapGraceMs = ${intervals.reapGraceMs} must exceed the ${timeoutMsMax} ms a request may take.`,
      );
    }
    for (const field of ["r", "w", "pr", "pw", "dw"] as const) {
      if (asked[field] > n) {
        mistakes.push(`The bucket ${bucket} asks for ${field} = ${asked[field]} of only n = ${n} copies.`);
      }
    }
  }
  return mistakes;
}

function contradictionsOfStorage({ dataDir, engine, node: { limits } }: ProcessConfig): readonly string[] {
  if (dataDir === null && engine !== "memory") {
    return [`The storage ${engine} needs a dataDir to keep its files in.`];
  }
  if (engine === "lmdb" && limits.keyBytesMax > lmdbKeyBytesMax) {
    return [`The storage lmdb takes keys of at most ${lmdbKeyBytesMax} bytes; limits.keyBytesMax is more.`];
  }
  return [];
}

function sentencesOf(issue: z.core.$ZodIssue): readonly string[] {
  const path = issue.path.map(String).join(".");
  const place = path === "" ? "The configuration" : `The field ${path}`;
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => `${place} has an unknown field ${JSON.stringify(key)}${meant(key)}.`);
    case "invalid_type":
      return [
        `${place} ${issue.input === undefined ? "is missing; it must be" : "must be"} of type ${issue.expected}.`,
      ];
    case "invalid_value":
      return [`${place} must be one of ${issue.values.map(String).join(", ")}.`];
    default:
      return [`${place} ${issue.message}.`];
  }
}

/** Every name a field can have, wherever it stands. */
const fieldNames: ReadonlySet<string> = new Set(
  [fileSchema, fileSchema.shape.listen, memberSchema, bucketSchema]
    .flatMap((schema) => Object.keys(schema.shape))
    .concat(Object.keys(defaultIntervals), Object.keys(defaultLimits)),
);

function meant(key: string): string {
  const nearest = nearestName(key, fieldNames);
  return nearest === undefined ? "" : ` (did you mean ${nearest}?)`;
}

function wholeNumber(min: number, max: number): z.ZodNumber {
  const message = `must be a whole number from ${min} to ${max}`;
  return z.number().int(message).min(min, message).max(max, message);
}

/** A strict object with the fields of `defaults`, each a positive whole number. */
function numbersLike<Fields extends Intervals | Limits>(
  defaults: Fields,
): z.ZodObject<Record<string, z.ZodNumber>> {
  return z.strictObject(Object.fromEntries(Object.keys(defaults).map((field) => [field, positive])));
}

/** Without the fields whose value is undefined, which would hide defaults. */
function defined<Fields extends object>(
  fields: { readonly [key in keyof Fields]?: unknown },
): Partial<Fields> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as Partial<Fields>;
}

function mapOf(json: unknown): unknown {
  return json !== null && typeof json === "object" && !Array.isArray(json)
    ? new Map(Object.entries(json))
    : json;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
