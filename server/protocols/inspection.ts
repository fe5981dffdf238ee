/**
 * Raw looks into this node, for operators and for whoever verifies it: what is on its disk, as it is, with nobody
 * else asked and nothing merged.
 */
import { stateHash } from "../core/state-hash.ts";
import type { KeyState } from "../core/versions.ts";
import type { NodeId } from "../ports/network.ts";
import type { KeyName } from "../rpc/messages.ts";
import type { Disk } from "./disk.ts";
import { compareNames } from "./forest.ts";
import type { HeldHint, HintStore } from "./hint-store.ts";
import type { Placements } from "./placement.ts";
import type { Records } from "./records.ts";
import { keyOf, type Replica } from "./replica.ts";
import { keyNameOf } from "./storage-key.ts";

/** One key as this node's main store holds it. `hash` covers siblings, values, dots, clock and tombstones. */
export type DumpedKey = {
  readonly bucket: string;
  readonly key: string;
  readonly homes: readonly NodeId[];
  readonly hash: string;
  readonly state: KeyState;
};

/** `next` is the cursor for the following page, null after the last. Unreadable records are passed over. */
export type Dump = { readonly entries: readonly DumpedKey[]; readonly next: string | null };

export type RawKey = {
  /** In the main store. A corrupt record is neither there nor absent. */
  readonly main:
    | { readonly type: "found"; readonly state: KeyState; readonly hash: string }
    | { readonly type: "absent" }
    | { readonly type: "corrupt" | "failed"; readonly reason: string };
  /** What this node keeps of the key for others. */
  readonly hints: readonly { readonly target: NodeId; readonly state: KeyState }[];
};

export type HintSummary = {
  readonly target: NodeId;
  readonly bucket: string;
  readonly key: string;
  readonly writeIds: readonly string[];
};

export type InspectionParts = {
  readonly disk: Disk;
  readonly hints: HintStore;
  readonly placements: Placements;
  readonly records: Records;
  readonly replica: Replica;
};

const hintCountMax = 10_000;

export class Inspection {
  readonly #parts: InspectionParts;

  constructor(parts: InspectionParts) {
    this.#parts = parts;
  }

  /** At most `limit` records of the main store after the cursor, in storage order; undefined if it is unreadable. */
  async dump(after: string | null, limit: number): Promise<Dump | undefined> {
    const { disk, placements, records } = this.#parts;
    const range = after === null ? { prefix: "" } : { prefix: "", after };
    const scanned = await disk.scan("values", { ...range, limit });
    if (scanned.type === "failed") return undefined;
    const entries = scanned.entries.flatMap(({ key: storageKey, read }) => {
      const loaded = records.decode("values", storageKey, read);
      if (loaded.type !== "found") return [];
      const { bucket, key } = keyNameOf(storageKey);
      const { state } = loaded.record;
      const { homes } = placements.of({ bucket, key });
      return [{ bucket, key, homes, hash: stateHash(bucket, key, state), state }];
    });
    const isLast = scanned.entries.length < limit;
    return { entries, next: isLast ? null : (scanned.entries.at(-1)?.key ?? null) };
  }

  async rawKey(name: KeyName): Promise<RawKey> {
    const { replica, hints } = this.#parts;
    const loaded = await replica.load(name);
    const held = hints
      .targets()
      .flatMap((target) => hints.heldFor(target).filter((hint) => isOfKey(hint, name)));
    const states = await Promise.all(held.map((hint) => this.#stateOf(hint)));
    return {
      main:
        loaded.type === "found"
          ? {
              type: "found",
              state: loaded.record.state,
              hash: stateHash(name.bucket, name.key, loaded.record.state),
            }
          : loaded,
      hints: held.flatMap(({ target }, index) => {
        const state = states[index];
        return state === undefined ? [] : [{ target, state }];
      }),
    };
  }

  /** The hints held, at most 10,000, sorted by target, bucket, key. */
  async hints(): Promise<readonly HintSummary[]> {
    const { hints } = this.#parts;
    const held = hints
      .targets()
      .flatMap((target) => hints.heldFor(target).toSorted((a, b) => compareNames(a.name, b.name)))
      .slice(0, hintCountMax);
    const summaries: HintSummary[] = [];
    for (const hint of held) {
      const state = await this.#stateOf(hint);
      const writeIds = state?.siblings.map(({ writeId }) => writeId) ?? [];
      summaries.push({ target: hint.target, ...keyOf(hint.name), writeIds });
    }
    return summaries;
  }

  async #stateOf({ target, name }: HeldHint): Promise<KeyState | undefined> {
    const loaded = await this.#parts.hints.load(target, name);
    return loaded.type === "found" ? loaded.record.state : undefined;
  }
}

function isOfKey(hint: HeldHint, { bucket, key }: KeyName): boolean {
  return hint.name.bucket === bucket && hint.name.key === key;
}
