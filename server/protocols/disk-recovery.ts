/**
 * The way back from a disk that refused a write: full, over its quota, or limited.
 *
 * The node has been read-only since. Every second it looks whether the store can be opened anew, and when it can,
 * begins as after a restart, without one: what memory believed of the disk is forgotten, the trees and the index of
 * hints are read again, and no epoch is used on, because a write may have failed here whose dot its peers know.
 */
import type { Intervals } from "../config.ts";
import type { Clock } from "../ports/clock.ts";
import type { Disk } from "./disk.ts";
import type { Forest } from "./forest.ts";
import type { HintStore } from "./hint-store.ts";
import type { Identity } from "./identity.ts";
import type { Records } from "./records.ts";
import { Recurring } from "./recurring.ts";
import type { Replica } from "./replica.ts";

export type DiskRecoveryParts = {
  readonly clock: Clock;
  readonly disk: Disk;
  readonly forest: Forest;
  readonly hints: HintStore;
  readonly identity: Identity;
  readonly intervals: Intervals;
  readonly records: Records;
  readonly replica: Replica;
};

export class DiskRecovery {
  readonly #parts: DiskRecoveryParts;
  readonly #looks: Recurring;
  #isStopping = false;

  constructor(parts: DiskRecoveryParts) {
    this.#parts = parts;
    this.#looks = new Recurring(parts.clock, parts.intervals.diskRecoveryMs, () => this.#look());
  }

  start(): void {
    this.#looks.start(this.#parts.intervals.diskRecoveryMs);
  }

  stop(): Promise<void> {
    this.#isStopping = true;
    return this.#looks.stop();
  }

  async #look(): Promise<void> {
    const { disk, forest, hints, identity, records, replica } = this.#parts;
    if (!disk.isReadOnly || this.#isStopping) return;
    const isBack = await disk.recover(() => {
      records.forgetAll();
      forest.clear();
      identity.retireEpochs();
    });
    if (!isBack) return;
    await hints.open();
    await replica.buildForest(() => this.#isStopping);
  }
}
