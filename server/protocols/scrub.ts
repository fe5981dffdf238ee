/**
 * Reads the whole store through, slowly and again and again, for damage that no client's read would ever meet.
 *
 * A record is held against its own checksum and against the hash that the trees remember of it, so that bytes which
 * changed into something well-formed (an older record put back, a key that vanished from its page) are noticed too.
 * What is found is told to the trees as it is, and the next comparison with another home brings the key back. A
 * record that went back in time may carry a counter that went back with it, so then every epoch in use is retired.
 */
import type { Intervals } from "../config.ts";
import { stateHash } from "../core/state-hash.ts";
import type { Clock } from "../ports/clock.ts";
import type { Entry } from "../ports/storage.ts";
import type { Trace } from "../ports/trace.ts";
import type { BackgroundAdmission } from "./background-admission.ts";
import type { Disk } from "./disk.ts";
import type { Forest } from "./forest.ts";
import type { Identity } from "./identity.ts";
import type { Placements } from "./placement.ts";
import type { Quarantine } from "./quarantine.ts";
import type { Records } from "./records.ts";
import { Recurring } from "./recurring.ts";
import { keyNameOf, partitionPrefix } from "./storage-key.ts";
import type { Tombstones } from "./tombstones.ts";

export type ScrubParts = {
  readonly background: Pick<BackgroundAdmission, "slice">;
  readonly clock: Clock;
  readonly disk: Disk;
  readonly forest: Forest;
  readonly identity: Identity;
  readonly intervals: Intervals;
  readonly placements: Placements;
  readonly quarantine: Quarantine;
  readonly records: Records;
  readonly tombstones: Tombstones;
  readonly trace: Trace;
};

/** Records looked at in one round: what bounds the cost beside the traffic. */
const recordsPerRound = 256;
const recordsPerSlice = 32;

export class Scrub {
  readonly #parts: ScrubParts;
  readonly #rounds: Recurring;
  /** Where the present pass stands, and what it has seen of the partition it is in. */
  #partition = 0;
  #after: string | undefined;
  #seen = new Set<string>();
  #passBeganMs: number;
  #isPassClean = true;
  #cleanSinceMs: number | undefined;

  constructor(parts: ScrubParts) {
    this.#parts = parts;
    this.#passBeganMs = parts.clock.wallMs();
    this.#rounds = new Recurring(parts.clock, parts.intervals.scrubMs, () => this.round());
  }

  start(): void {
    this.#rounds.start(this.#parts.intervals.scrubMs);
  }

  stop(): Promise<void> {
    return this.#rounds.stop();
  }

  /** Wall time at which the last whole pass without a finding began; undefined before there was one. */
  get cleanSinceMs(): number | undefined {
    return this.#cleanSinceMs;
  }

  /** Looks at the next records; ends early at the end of the store. */
  async round(): Promise<void> {
    const { background, disk, placements } = this.#parts;
    const { partitionCount } = placements.ring;
    let budget = recordsPerRound;
    while (budget > 0) {
      await background.slice();
      const prefix = partitionPrefix(this.#partition);
      const range = this.#after === undefined ? { prefix } : { prefix, after: this.#after };
      const scanned = await disk.scan("values", { ...range, limit: Math.min(budget, recordsPerSlice) });
      if (scanned.type === "failed") return;
      for (const entry of scanned.entries) await this.#look(entry);
      budget -= scanned.entries.length;
      this.#after = scanned.entries.at(-1)?.key;
      if (this.#after !== undefined) continue;
      await this.#lookForVanished();
      this.#partition = (this.#partition + 1) % partitionCount;
      if (this.#partition === 0) return this.#endPass();
    }
  }

  async #look({ key, read }: Entry): Promise<void> {
    const { records, forest, placements, tombstones } = this.#parts;
    this.#seen.add(key);
    const loaded = records.decode("values", key, read);
    if (loaded.type === "corrupt") this.#isPassClean = false;
    if (loaded.type !== "found") return;
    const name = keyNameOf(key);
    const placement = placements.of(name);
    const { state } = loaded.record;
    const known = forest.hashOf(placement);
    if (known === stateHash(name.bucket, name.key, state)) tombstones.note(placement, name, state, known);
    else if (known !== undefined) await this.#lookAgain(key);
  }

  async #lookForVanished(): Promise<void> {
    const seen = this.#seen;
    this.#seen = new Set();
    for (const key of this.#parts.forest.keysOf(this.#partition)) {
      if (!seen.has(key)) await this.#lookAgain(key);
    }
  }

  /** What differs may be a write that came in between; under the key's lock it is not. */
  async #lookAgain(storageKey: string): Promise<void> {
    const { disk, forest, identity, placements, quarantine, records, trace } = this.#parts;
    const name = keyNameOf(storageKey);
    const place = placements.of(name);
    const release = await records.locks.acquire(storageKey);
    try {
      const known = forest.hashOf(place);
      const read = await disk.read("values", storageKey);
      const loaded = records.decode("values", storageKey, read);
      if (known === undefined || loaded.type === "corrupt" || loaded.type === "failed") return;
      const actual =
        loaded.type === "found" ? stateHash(name.bucket, name.key, loaded.record.state) : undefined;
      if (actual === known) return;
      this.#isPassClean = false;
      identity.retireEpochs();
      records.forgetAll();
      if (read.type === "found") quarantine.keep("values", storageKey, read.bytes);
      if (actual === undefined) forest.forget(place, name);
      else forest.set(place, name, actual);
      const reason = actual === undefined ? "the record has vanished" : "the record is not what was written";
      trace.emit({ type: "record-quarantined", ...name, reason });
    } finally {
      release();
    }
  }

  #endPass(): void {
    if (this.#isPassClean) this.#cleanSinceMs = this.#passBeganMs;
    this.#parts.trace.emit({ type: "store-scrubbed", isClean: this.#isPassClean });
    this.#passBeganMs = this.#parts.clock.wallMs();
    this.#isPassClean = true;
  }
}
