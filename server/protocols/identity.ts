/**
 * Who this node is, as its disk remembers it: one record, synced before the node serves.
 *
 * The incarnation is drawn once for a disk, so a node that comes back with an empty disk is somebody else and never
 * repeats a dot of its former life. The boot counts starts. Epochs, under which the node names its writes (see
 * core/actor.ts), come from blocks whose end is on disk before the first of a block is used.
 *
 * A coordinator sends a write to its peers while its own append is still under way, so after a crash the peers may
 * know a dot that its own disk does not. That is why an unclean start retires every epoch used before it (`floor`):
 * the next write of any key takes a fresh one. A clean stop has no append under way and keeps them.
 */
import * as z from "zod";
import { type EpochLease, leaseAfter, takeEpoch } from "../core/actor.ts";
import type { NodeId } from "../ports/network.ts";
import type { Random } from "../ports/random.ts";
import type { Durability } from "../ports/storage.ts";
import type { Disk } from "./disk.ts";

const recordKey = "node";

const recordSchema = z.object({
  clusterId: z.string(),
  nodeId: z.string(),
  partitionCount: z.number(),
  incarnation: z.string(),
  boot: z.number(),
  epochsEnd: z.number(),
  epochFloor: z.number(),
  stoppedCleanly: z.boolean(),
  /** Whether that stop also wrote the trees. */
  treesSaved: z.boolean().default(false),
});

type IdentityRecord = z.infer<typeof recordSchema>;

/** What a disk must agree with: it belongs to one node of one cluster, and its keys lie where the ring put them. */
export type DiskOwner = {
  readonly clusterId: string;
  readonly nodeId: NodeId;
  readonly partitionCount: number;
};

export type IdentityOutcome =
  | { readonly type: "ok"; readonly identity: Identity }
  | { readonly type: "failed"; readonly reason: string };

export class Identity {
  /** What a synced write reaches on this disk: `buffered` in memory. */
  readonly reaches: Durability;
  readonly #disk: Disk;
  readonly #record: IdentityRecord;
  #lease: EpochLease;
  #epochFloor: number;
  #areTreesSaved: boolean;
  #renewal: Promise<boolean> | undefined;

  /** `record` as it was written at this start; `earlier` what was found. */
  constructor(disk: Disk, record: IdentityRecord, earlier: IdentityRecord | undefined, reaches: Durability) {
    this.#disk = disk;
    this.#record = record;
    this.#lease = leaseAfter(earlier?.epochsEnd ?? 0);
    this.#areTreesSaved = earlier?.stoppedCleanly === true && earlier.treesSaved;
    this.#epochFloor = record.epochFloor;
    this.reaches = reaches;
  }

  get nodeId(): NodeId {
    return this.#record.nodeId;
  }

  get incarnation(): string {
    return this.#record.incarnation;
  }

  /**
   * Whether the trees saved by the last life are those of the store as it is: it stopped cleanly, and this life has
   * not begun to forget.
   */
  get areTreesSaved(): boolean {
    return this.#areTreesSaved;
  }

  get boot(): number {
    return this.#record.boot;
  }

  /** Epochs below this one were in use before an unclean stop or a failed write, and must not be counted on. */
  get epochFloor(): number {
    return this.#epochFloor;
  }

  /**
   * No epoch in use so far is used again: a write may have failed here whose dot its peers know. Nothing need be
   * written: a crash from here on retires all of them anyway, and a clean stop records the floor.
   */
  retireEpochs(): void {
    this.#epochFloor = this.#lease.next;
    this.#areTreesSaved = false;
  }

  /** An epoch never used before, or undefined when the disk refuses the next block of them. */
  async nextEpoch(): Promise<number | undefined> {
    for (;;) {
      const taken = takeEpoch(this.#lease);
      if (taken.type === "taken") {
        this.#lease = taken.lease;
        return taken.epoch;
      }
      this.#renewal ??= this.#renew();
      const isRenewed = await this.#renewal;
      this.#renewal = undefined;
      if (!isRenewed) return undefined;
    }
  }

  /** Records that nothing was under way when the node stopped. Call last, when that is so. */
  async stopCleanly(treesSaved: boolean): Promise<boolean> {
    if (this.#disk.isReadOnly) return false;
    return isWritten(
      await writeRecord(this.#disk, { ...this.#recordNow(), stoppedCleanly: true, treesSaved }),
    );
  }

  async #renew(): Promise<boolean> {
    const lease = leaseAfter(this.#lease.end);
    const isLeased = isWritten(await writeRecord(this.#disk, { ...this.#recordNow(), epochsEnd: lease.end }));
    if (isLeased) this.#lease = lease;
    return isLeased;
  }

  #recordNow(): IdentityRecord {
    return { ...this.#record, epochsEnd: this.#lease.end, epochFloor: this.#epochFloor };
  }
}

/** Reads the identity, draws one if there is none, and records this start. Synced before it resolves. */
export async function openIdentity(disk: Disk, owner: DiskOwner, random: Random): Promise<IdentityOutcome> {
  const read = await disk.read("meta", recordKey);
  if (read.type === "failed") return failed(`The disk cannot be read: ${read.reason}`);
  // An unreadable record means that nothing is known of what this node did, so it becomes somebody new.
  const earlier = read.type === "found" ? parseRecord(read.bytes) : undefined;
  const conflict = earlier === undefined ? undefined : conflictOf(earlier, owner);
  if (conflict !== undefined) return failed(conflict);

  const lease = leaseAfter(earlier?.epochsEnd ?? 0);
  const record: IdentityRecord = {
    ...owner,
    incarnation: earlier?.incarnation ?? hexOf(random.bytes(16)),
    boot: (earlier?.boot ?? 0) + 1,
    epochsEnd: lease.end,
    epochFloor: earlier?.stoppedCleanly === true ? earlier.epochFloor : lease.next,
    stoppedCleanly: false,
    treesSaved: false,
  };
  const written = await writeRecord(disk, record);
  if (written.type === "failed")
    return failed(`The disk refused the start to be recorded: ${written.reason}`);
  return { type: "ok", identity: new Identity(disk, record, earlier, written.durability) };
}

function conflictOf(earlier: IdentityRecord, owner: DiskOwner): string | undefined {
  for (const field of ["clusterId", "nodeId", "partitionCount"] as const) {
    if (earlier[field] !== owner[field]) {
      return `The data directory has ${field} ${earlier[field]}, the configuration ${owner[field]}.`;
    }
  }
  return undefined;
}

function writeRecord(disk: Disk, record: IdentityRecord) {
  const bytes = new TextEncoder().encode(JSON.stringify(record));
  return disk.write([{ type: "put", space: "meta", key: recordKey, bytes }], "synced");
}

function parseRecord(bytes: Uint8Array): IdentityRecord | undefined {
  try {
    return recordSchema.safeParse(JSON.parse(new TextDecoder().decode(bytes))).data;
  } catch {
    return undefined;
  }
}

function isWritten(outcome: { readonly type: "written" | "failed" }): boolean {
  return outcome.type === "written";
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function failed(reason: string): IdentityOutcome {
  return { type: "failed", reason };
}
