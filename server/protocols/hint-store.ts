/**
 * What this node keeps for others (Dynamo §4.6): for a home that did not answer, the key's whole state under that
 * home's name, apart from the main store.
 *
 * A hint is as durable as the acknowledgement that was given for it, is merged with an earlier one for the same home
 * and key, never expires, and is seen by reads that come here meanwhile. An index in memory says what is held, so
 * that a read pays nothing for keys without hints; it is read back from the disk before the node serves. When there
 * is no room, a hint is refused rather than acknowledged, and this node stands in for nobody as a coordinator.
 */
import type { KeyRecord } from "../core/key-state-codec.ts";
import { emptyKeyState, type KeyState } from "../core/versions.ts";
import { versionsOf } from "../core/versions-of.ts";
import type { NodeId } from "../ports/network.ts";
import type { Durability } from "../ports/storage.ts";
import type { Trace } from "../ports/trace.ts";
import type { KeyName } from "../rpc/messages.ts";
import type { DirtyTrees } from "./dirty-trees.ts";
import type { Disk } from "./disk.ts";
import type { Placements } from "./placement.ts";
import type { Appended, Loaded, Records } from "./records.ts";
import { keyOf, type StateOutcome, stateOfLoaded } from "./replica.ts";
import type { Stamps } from "./stamps.ts";
import { keyNameOf } from "./storage-key.ts";

/** One hint as the index knows it. A change of it makes a new one, so that identity tells whether it changed. */
export type HeldHint = {
  readonly target: NodeId;
  readonly name: KeyName;
  readonly byteCount: number;
};

export type KeptHint =
  | { readonly type: "stored"; readonly durability: Durability }
  | { readonly type: "refused"; readonly reason: "storage" | "overloaded" | "stamp" };

export type HintStoreParts = {
  readonly disk: Disk;
  readonly records: Records;
  readonly placements: Placements;
  readonly stamps: Stamps;
  readonly dirtyTrees: DirtyTrees;
  readonly trace: Trace;
  readonly hintBytesMax: number;
};

const scanBatchSize = 256;

export class HintStore {
  readonly #parts: HintStoreParts;
  /** Target -> storage key of the hinted key -> hint. */
  readonly #index = new Map<NodeId, Map<string, HeldHint>>();
  #byteCount = 0;

  constructor(parts: HintStoreParts) {
    this.#parts = parts;
  }

  get count(): number {
    let count = 0;
    for (const hints of this.#index.values()) count += hints.size;
    return count;
  }

  get byteCount(): number {
    return this.#byteCount;
  }

  /** Whether one more is taken; what is being stored already may go beyond the bound. */
  get hasRoom(): boolean {
    return this.#byteCount < this.#parts.hintBytesMax;
  }

  /** Reads the index back from the disk; false when that is not possible. */
  async open(): Promise<boolean> {
    let after: string | undefined;
    for (;;) {
      const range = after === undefined ? { prefix: "" } : { prefix: "", after };
      const scanned = await this.#parts.disk.scan("hints", { ...range, limit: scanBatchSize });
      if (scanned.type === "failed") return false;
      for (const { key, read } of scanned.entries) {
        const byteCount = read.type === "found" ? read.bytes.length : 0;
        const targetEnd = key.indexOf("/");
        this.#enter(key.slice(0, targetEnd), key.slice(targetEnd + 1), byteCount);
      }
      after = scanned.entries.at(-1)?.key;
      if (after === undefined) return true;
    }
  }

  /** Nodes for which something is held, in order. */
  targets(): readonly NodeId[] {
    return [...this.#index.keys()].toSorted();
  }

  /** The hints for one node, in the order in which they came. */
  heldFor(target: NodeId): readonly HeldHint[] {
    return [...(this.#index.get(target)?.values() ?? [])];
  }

  /** Whether anything is held of the key, for whomever. */
  holds(storageKey: string): boolean {
    for (const hints of this.#index.values()) if (hints.has(storageKey)) return true;
    return false;
  }

  load(target: NodeId, name: KeyName): Promise<Loaded> {
    const { records, placements } = this.#parts;
    return records.load("hints", recordKeyOf(target, placements.of(name).storageKey));
  }

  /** Everything held of a key for whomever, merged; an empty state when nothing is. */
  async read(name: KeyName): Promise<StateOutcome> {
    const { storageKey, bucket } = this.#parts.placements.of(name);
    const targets = this.targets().filter((target) => this.#index.get(target)?.has(storageKey));
    const outcomes = await Promise.all(
      targets.map(async (target) => stateOfLoaded(await this.load(target, name))),
    );
    let merged = emptyKeyState;
    for (const outcome of outcomes) {
      if (outcome.type === "refused") return outcome;
      merged = versionsOf(bucket.versions).sync(merged, outcome.state);
    }
    return { type: "state", state: merged };
  }

  /** Keeps `state` for `target`, merged with what is held already; resolves when it is as durable as asked. */
  async keep(target: NodeId, name: KeyName, state: KeyState, durability: Durability): Promise<KeptHint> {
    const { records, placements, stamps } = this.#parts;
    const placement = placements.of(name);
    const { storageKey, bucket } = placement;
    if (!stamps.admits(placement, state)) return this.#refuse(target, name, "stamp");
    const release = await records.locks.acquire(storageKey);
    try {
      const loaded = await this.load(target, name);
      if (loaded.type === "failed") return this.#refuse(target, name, "storage");
      const local = loaded.type === "found" ? loaded.record : { state: emptyKeyState, minted: undefined };
      if (!this.hasRoom) return this.#refuse(target, name, "overloaded");
      const merged = versionsOf(bucket.versions).sync(local.state, state);
      const appended = await this.append(target, name, { state: merged, minted: local.minted }, durability);
      if (appended.type === "failed") return { type: "refused", reason: "storage" };
      return { type: "stored", durability: appended.durability };
    } finally {
      release();
    }
  }

  /**
   * Replaces the record, whether or not there is room: whoever has minted a dot must not forget it. The caller holds
   * the key's lock, has merged what was there, and has asked for room before.
   */
  async append(target: NodeId, name: KeyName, record: KeyRecord, durability: Durability): Promise<Appended> {
    const { records, placements, trace } = this.#parts;
    const { storageKey } = placements.of(name);
    const appended = await records.append("hints", recordKeyOf(target, storageKey), record, durability);
    if (appended.type === "failed") {
      this.#refuse(target, name, "storage");
    } else {
      this.#enter(target, storageKey, appended.byteCount);
      trace.emit({ type: "hint-stored", ...keyOf(name), target });
    }
    return appended;
  }

  /** Forgets a hint that is over, unless it has changed since. */
  async remove(hint: HeldHint): Promise<void> {
    const { records, placements } = this.#parts;
    const { storageKey } = placements.of(hint.name);
    const release = await records.locks.acquire(storageKey);
    try {
      if (this.#index.get(hint.target)?.get(storageKey) !== hint) return;
      await records.remove("hints", recordKeyOf(hint.target, storageKey));
      this.#leave(hint.target, storageKey);
    } finally {
      release();
    }
  }

  #refuse(target: NodeId, name: KeyName, reason: "storage" | "overloaded" | "stamp"): KeptHint {
    const { dirtyTrees, placements, trace } = this.#parts;
    trace.emit({ type: "hint-refused", ...keyOf(name), target, reason });
    dirtyTrees.mark(target, placements.of(name));
    return { type: "refused", reason };
  }

  #enter(target: NodeId, storageKey: string, byteCount: number): void {
    this.#leave(target, storageKey);
    const hints = this.#index.get(target) ?? new Map<string, HeldHint>();
    hints.set(storageKey, { target, name: keyNameOf(storageKey), byteCount });
    this.#index.set(target, hints);
    this.#byteCount += byteCount;
  }

  #leave(target: NodeId, storageKey: string): void {
    const hints = this.#index.get(target);
    const held = hints?.get(storageKey);
    if (hints === undefined || held === undefined) return;
    hints.delete(storageKey);
    this.#byteCount -= held.byteCount;
    if (hints.size === 0) this.#index.delete(target);
  }
}

function recordKeyOf(target: NodeId, storageKey: string): string {
  return `${target}/${storageKey}`;
}
