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
 *
 * A store that says it has lost records may have lost some of these too, and what it answers for a missing key is no
 * knowledge. Such a node becomes somebody new as well, remembers whom it was, and takes that one's place as an operator
 * would have it do with a wiped disk (`standing.ts`): it answers for nothing until it has been given everything again.
 */
import * as z from "zod";
import { type EpochLease, leaseAfter, takeEpoch } from "../core/actor.ts";
import type { NodeId } from "../ports/network.ts";
import type { Random } from "../ports/random.ts";
import { type Durability, lossKey, type Write } from "../ports/storage.ts";
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
  /** The incarnation before a loss, until this one has its place; "" when not even that is known. */
  formerly: z.string().optional(),
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
  #formerly: string | undefined;
  #renewal: Promise<boolean> | undefined;

  /** `record` as it was written at this start; `earlier` what was found. */
  constructor(disk: Disk, record: IdentityRecord, earlier: IdentityRecord | undefined, reaches: Durability) {
    this.#disk = disk;
    this.#record = record;
    this.#lease = leaseAfter(earlier?.epochsEnd ?? 0);
    this.#areTreesSaved = earlier?.stoppedCleanly === true && earlier.treesSaved;
    this.#epochFloor = record.epochFloor;
    this.#formerly = record.formerly;
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
   * Whose place this incarnation is to take, because its own store lost records of that one; "" when the store does
   * not know who that was. Undefined when nothing was lost, or the place is taken.
   */
  get formerly(): string | undefined {
    return this.#formerly;
  }

  /** This incarnation has its place now. */
  async settle(): Promise<void> {
    this.#formerly = undefined;
    await writeRecord(this.#disk, this.#recordNow());
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
    const { formerly: _, ...record } = this.#record;
    const still = this.#formerly === undefined ? {} : { formerly: this.#formerly };
    return { ...record, ...still, epochsEnd: this.#lease.end, epochFloor: this.#epochFloor };
  }
}

/** Reads the identity, draws one if there is none, and records this start. Synced before it resolves. */
export async function openIdentity(disk: Disk, owner: DiskOwner, random: Random): Promise<IdentityOutcome> {
  const [read, loss] = await Promise.all([disk.read("meta", recordKey), disk.read("meta", lossKey)]);
  for (const one of [read, loss]) {
    if (one.type === "failed") return failed(`The disk cannot be read: ${one.reason}`);
  }
  // An unreadable record means that nothing is known of what this node did, so it becomes somebody new.
  const found = read.type === "found" ? parseRecord(read.bytes) : undefined;
  const conflict = found === undefined ? undefined : conflictOf(found, owner);
  if (conflict !== undefined) return failed(conflict);

  // A loss, or a record that was there and is unreadable.
  const hasForgotten = loss.type !== "absent" || (read.type !== "absent" && found === undefined);
  const earlier = hasForgotten ? undefined : found;
  const formerly = hasForgotten ? (found?.formerly ?? found?.incarnation ?? "") : earlier?.formerly;
  const lease = leaseAfter(earlier?.epochsEnd ?? 0);
  const record: IdentityRecord = {
    ...owner,
    incarnation: earlier?.incarnation ?? hexOf(random.bytes(16)),
    boot: (found?.boot ?? 0) + 1,
    epochsEnd: lease.end,
    epochFloor: earlier?.stoppedCleanly === true ? earlier.epochFloor : lease.next,
    stoppedCleanly: false,
    treesSaved: false,
    ...(formerly === undefined ? {} : { formerly }),
  };
  if (loss.type === "found") disk.tellLoss(new TextDecoder().decode(loss.bytes));
  const written = await writeRecord(disk, record, [{ type: "delete", space: "meta", key: lossKey }]);
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

/** Together with `others`, or not at all. */
function writeRecord(disk: Disk, record: IdentityRecord, others: readonly Write[] = []) {
  const bytes = new TextEncoder().encode(JSON.stringify(record));
  return disk.write([{ type: "put", space: "meta", key: recordKey, bytes }, ...others], "synced");
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
