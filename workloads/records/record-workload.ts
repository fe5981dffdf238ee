/**
 * Plain records under keys of their own: what the paper's two other patterns and a key-value mix have in common. A
 * record's value says nothing but which write made it; what differs is who writes, how often, and built on what.
 *
 *   read     the record as it is
 *   update   read it, and write its next version with the context of the read, built on all that was seen
 *   renew    write the next version without reading, built on what this client has written before: one writer a key
 *   blind    write a version without having read any: it stands beside whatever is there
 *   insert   a new record, without context, that nobody reads under load
 *   remove   read it, and delete what was seen
 */

import type { Checker } from "../../checkers/checker.ts";
import { encodeValue, observe } from "../cart/cart-value.ts";
import { type IndexDraw, scrambled, uniformIndex, zipfianIndex } from "../generator/keys.ts";
import { streamOf } from "../generator/stream.ts";
import type { StoreRead, StoreWrite } from "../store.ts";
import type { Applied, ClientProcess, Wish, Workload } from "../workload.ts";

export type RecordAction = "read" | "update" | "renew" | "blind" | "insert" | "remove";
export type KeyChoice = "zipfian" | "uniform";

export type RecordPattern = {
  readonly name: string;
  /** First part of every key. */
  readonly prefix: string;
  readonly recordCount: number;
  /** Shares of the arrivals, of any sum. */
  readonly mix: Readonly<Partial<Record<RecordAction, number>>>;
  /** Only one client writes a record, and never two things at once. */
  readonly isOwned: boolean;
  readonly valueBytes: number;
  readonly checkers: readonly Checker[];
};

export type RecordWish = Wish & {
  readonly action: RecordAction;
  readonly key: string;
  readonly padding: number;
};

/** What the owner of a record knows of it. */
export type OwnerMemory = { parents: readonly string[]; context: string | undefined; isWriting: boolean };

const requestsOf: Readonly<Record<RecordAction, number>> = {
  read: 1,
  update: 2,
  renew: 1,
  blind: 1,
  insert: 1,
  remove: 2,
};

const actions: readonly RecordAction[] = ["read", "update", "renew", "blind", "insert", "remove"];

export function recordWorkload(
  pattern: RecordPattern,
  { seed, keys }: { readonly seed: number; readonly keys: KeyChoice },
): Workload<RecordWish, OwnerMemory> {
  const { name, mix, recordCount, checkers } = pattern;
  const sum = actions.reduce((total, action) => total + (mix[action] ?? 0), 0);
  const requests = actions.reduce((total, action) => total + (mix[action] ?? 0) * requestsOf[action], 0);
  const drawOf: Readonly<Record<KeyChoice, () => IndexDraw>> = {
    uniform: () => uniformIndex(recordCount),
    zipfian: () => scrambled(zipfianIndex(recordCount), recordCount, streamOf(seed, "record ranks")),
  };
  const draw = drawOf[keys]();
  return {
    name,
    checkers,
    observe,
    requestsPerWish: requests / sum,
    newMemory: () => ({ parents: [], context: undefined, isWriting: false }),
    wish: (index) => wishOf(pattern, { seed, index, sum, draw }),
    apply: (wish, client, memory) => applied(pattern, wish, client, memory),
  };
}

function wishOf(
  { prefix, mix, isOwned }: RecordPattern,
  { seed, index, sum, draw }: { seed: number; index: number; sum: number; draw: IndexDraw },
): RecordWish {
  const stream = streamOf(seed, `record wish ${index}`);
  let left = stream.uniform() * sum;
  const action = actions.find((one) => (left -= mix[one] ?? 0) < 0) ?? "read";
  const record = draw(stream);
  const client = stream.integer(0, 199);
  const isOwner = isOwned && action !== "read";
  return {
    action,
    key: action === "insert" ? `${prefix}-new/${index}` : `${prefix}/${record}`,
    session: isOwner ? `owner/${record}` : `client/${client}`,
    entry: stream.integer(0, 2 ** 20),
    padding: stream.integer(0, 2 ** 31 - 1),
  };
}

/** An owner that is still writing does what its screen would let it do meanwhile: it reads. */
async function applied(
  pattern: RecordPattern,
  wish: RecordWish,
  client: ClientProcess,
  memory: OwnerMemory,
): Promise<Applied> {
  const isBlocked = pattern.isOwned && memory.isWriting;
  const action = isBlocked ? "read" : wish.action;
  const write = client.nextOperation();
  if (action === "read") return endOf(await client.store.get(wish.key));
  memory.isWriting = true;
  try {
    return await written(pattern, { ...wish, action }, client, { write, memory });
  } finally {
    memory.isWriting = false;
  }
}

async function written(
  pattern: RecordPattern,
  { action, key, padding }: RecordWish,
  { store }: ClientProcess,
  { write, memory }: { readonly write: string; readonly memory: OwnerMemory },
): Promise<Applied> {
  const known = action === "renew" ? memory : { parents: [], context: undefined };
  const put = (parents: readonly string[], context: string | undefined): Promise<StoreWrite> => {
    const bytes = streamOf(padding, "padding").bytes(pattern.valueBytes);
    const value = encodeValue({ key, write, parents }, {}, bytes);
    return store.put({ key, value, write, parents, ...(context === undefined ? {} : { context }) });
  };
  if (action === "insert" || action === "blind" || action === "renew") {
    const end = await put(known.parents, known.context);
    if (action === "renew" && end.type === "ok")
      Object.assign(memory, { parents: [write], context: end.context });
    return endOf(end);
  }
  const read = await store.get(key);
  if (read.type === "fail") return endOf(read);
  const parents = parentsIn(read);
  if (action === "update") return endOf(await put(parents, contextOf(read)));
  if (read.siblings.length === 0) return { type: "ok" };
  return endOf(await store.delete({ key, write, parents, context: read.context }));
}

/** Every version that a read showed, deleted ones too. */
export const parentsIn = ({
  observed,
  tombstones,
}: Extract<StoreRead, { type: "ok" }>): readonly string[] => [
  ...new Set([...observed.flatMap(({ write }) => (write === null ? [] : [write])), ...tombstones]),
];

/** Undefined when the store knows nothing of the key. */
export const contextOf = ({ context }: Extract<StoreRead, { type: "ok" }>): string | undefined =>
  context === "" ? undefined : context;

export const endOf = (end: StoreRead | StoreWrite): Applied =>
  end.type === "ok" ? { type: "ok" } : { type: end.type, error: end.error };
