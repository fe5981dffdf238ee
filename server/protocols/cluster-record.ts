/**
 * What this node knows of the cluster, on its disk: synced before anything is placed by it, before an operator is
 * answered and before anybody is told (Dynamo §4.8.1). A node that restarts alone knows the ring it left.
 *
 * All changes go through one queue, so each is made of the table as the one before left it. A disk that refuses
 * leaves the table as it was.
 */
import * as z from "zod";
import {
  type ClusterTable,
  isEmptyDelta,
  mergeTables,
  type TableDelta,
  tableHash,
  tableOf,
} from "../core/cluster-table.ts";
import { memberStates } from "../core/membership.ts";
import type { Trace } from "../ports/trace.ts";
import type { Disk } from "./disk.ts";
import type { Placements } from "./placement.ts";

const recordKey = "cluster";

const addressSchema = z.object({ host: z.string(), rpcPort: z.number(), httpPort: z.number() });

const recordSchema = z.object({
  changes: z.array(
    z.object({
      nodeId: z.string(),
      incarnation: z.string(),
      sequence: z.number(),
      state: z.enum(memberStates),
      address: addressSchema.nullable(),
      capacity: z.number(),
      dc: z.string(),
      rack: z.string(),
      seat: z.number(),
      origin: z.string(),
      issuedBy: z.string(),
      issuedAtMs: z.number(),
    }),
  ),
  holdings: z.array(
    z.object({
      nodeId: z.string(),
      incarnation: z.string(),
      version: z.number(),
      trees: z.array(z.string()),
    }),
  ),
});

/** Bounds of a table; what would pass them is not merged. */
const changeCountMax = 10_000;
const holdingCountMax = 1_000;

export class ClusterRecord {
  readonly #disk: Disk;
  readonly #placements: Placements;
  readonly #trace: Trace;
  readonly #listeners: (() => void)[] = [];
  #queue: Promise<unknown> = Promise.resolve();
  #hash: string;

  constructor(disk: Disk, placements: Placements, trace: Trace) {
    this.#disk = disk;
    this.#placements = placements;
    this.#trace = trace;
    this.#hash = tableHash(placements.table);
  }

  get table(): ClusterTable {
    return this.#placements.table;
  }

  /** Equal for equal tables. */
  get hash(): string {
    return this.#hash;
  }

  /** `absent`: this disk has never belonged to a cluster, or forgot that it did. */
  async open(): Promise<"found" | "absent" | "failed"> {
    const read = await this.#disk.read("meta", recordKey);
    if (read.type === "failed") return "failed";
    const record = read.type === "found" ? parseRecord(read.bytes) : undefined;
    if (record === undefined) return "absent";
    this.#adopt(tableOf(record));
    return "found";
  }

  /** Called after every change, once it is on the disk and everything is placed by it. */
  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** Whether all of `delta` is known and on the disk. */
  merge(delta: TableDelta): Promise<boolean> {
    return this.change(() => delta);
  }

  /** Merges what `make` makes of the table as it is then; undefined changes nothing and is false. */
  change(make: (table: ClusterTable) => TableDelta | undefined): Promise<boolean> {
    const changed = this.#queue.then(() => this.#change(make));
    this.#queue = changed;
    return changed;
  }

  async #change(make: (table: ClusterTable) => TableDelta | undefined): Promise<boolean> {
    const delta = make(this.table);
    if (delta === undefined) return false;
    if (isEmptyDelta(delta)) return true;
    const merged = mergeTables(this.table, tableOf(delta));
    if (merged === this.table) return true;
    if (merged.history.size > changeCountMax || merged.holdings.size > holdingCountMax) return false;
    const record = { changes: [...merged.history.values()], holdings: [...merged.holdings.values()] };
    const bytes = new TextEncoder().encode(JSON.stringify(record));
    const written = await this.#disk.write([{ type: "put", space: "meta", key: recordKey, bytes }], "synced");
    if (written.type === "failed") return false;
    this.#adopt(merged);
    return true;
  }

  #adopt(table: ClusterTable): void {
    const { history } = this.table;
    const ringBefore = this.#placements.ring.hash;
    this.#placements.learn(table);
    this.#hash = tableHash(table);
    for (const [id, { nodeId, state }] of table.history) {
      if (!history.has(id)) this.#trace.emit({ type: "member-changed", member: nodeId, state });
    }
    const { ring } = this.#placements;
    if (ring.hash !== ringBefore) {
      this.#trace.emit({ type: "ring-changed", ringHash: ring.hash, memberCount: ring.members.length });
    }
    for (const listener of this.#listeners) listener();
  }
}

function parseRecord(bytes: Uint8Array): TableDelta | undefined {
  try {
    return recordSchema.safeParse(JSON.parse(new TextDecoder().decode(bytes))).data;
  } catch {
    return undefined;
  }
}
