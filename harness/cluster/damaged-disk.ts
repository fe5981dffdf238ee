/**
 * A node whose disk is damaged while it is down, and which is then started on what is left of it.
 *
 * Either the store repairs itself from its peers, or it refuses to start with the exit code of a disk that cannot be
 * used; any other end is a crash. A node that refuses stays down until it is mended: it gets an empty disk, as an
 * operator would have it, and takes its former place.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { NodeName } from "../../checkers/history/event.ts";
import { streamOf } from "../../workloads/generator/stream.ts";
import type { Done, NodeAddress } from "./cluster.ts";
import {
  copyDirectory,
  type DiskDamage,
  damageFiles,
  difference,
  digestsOf,
  emptyDirectory,
} from "./disk-damage.ts";
import { diskFailedExitCodes } from "./disk-trouble.ts";
import type { NodeProcess } from "./node-process.ts";
import { takePlace } from "./replacement.ts";

export type DamagedParts = {
  readonly node: NodeName;
  readonly process: NodeProcess;
  readonly dataDirectory: string;
  /** Told when the files are no longer those that the node wrote. */
  readonly onDamage: () => void;
};

/** A backup is so much older, at the least, than the moment at which it is put back. */
const backupAgeMs = 1_000;
const changedWithinMs = 4_000;

export class DamagedDisk {
  readonly #parts: DamagedParts;
  #isEmptied = false;

  constructor(parts: DamagedParts) {
    this.#parts = parts;
  }

  /** Evidence: how the process ended, the digests of its files before and after, and what the node made of it. */
  async damage(damage: DiskDamage, seed: number, start: () => Promise<Done>): Promise<Done> {
    const { node, process, dataDirectory, onDamage } = this.#parts;
    if (!process.isUp) return { type: "failed", reason: `${node} is down, and its disk is left alone.` };
    process.excusedExitCodes = diskFailedExitCodes;
    const saved = damage === "backup" ? await this.#backup(start) : undefined;
    if (saved?.type === "failed") return saved;
    const killed = await process.kill();
    if (killed.type === "failed") return killed;
    const before = digestsOf(dataDirectory);
    if (damage === "backup") copyDirectory(this.#backupDirectory, dataDirectory);
    else damageFiles(dataDirectory, damage, streamOf(seed, `${damage} ${node}`));
    onDamage();
    const seen = difference(before, digestsOf(dataDirectory));
    if (seen === undefined) return { type: "failed", reason: `No file of ${node} is another one now.` };
    this.#isEmptied ||= damage === "wiped";
    const started = await start();
    const then = started.type === "done" ? started.evidence : started.reason.replace(/\.$/, "");
    return { type: "done", evidence: `${killed.evidence}; ${seen}; ${then}` };
  }

  /** The node in its place again: with its disk as it is, or with an empty one where it does not run on that. */
  async mend(
    address: NodeAddress,
    others: readonly NodeAddress[],
    start: () => Promise<Done>,
  ): Promise<Done> {
    const { process, dataDirectory, onDamage } = this.#parts;
    if (!process.isUp) {
      emptyDirectory(dataDirectory);
      onDamage();
      this.#isEmptied = true;
      const started = await start();
      if (started.type === "failed") return started;
    }
    const placed = await takePlace(address, others, this.#isEmptied);
    if (placed.type === "failed") return placed;
    const how = this.#isEmptied ? "on an empty disk" : "on the disk as it was left";
    this.#isEmptied = false;
    process.excusedExitCodes = [];
    return { type: "done", evidence: `it runs ${how}, and ${placed.evidence}` };
  }

  get #backupDirectory(): string {
    return `${this.#parts.dataDirectory}.backup`;
  }

  /** Copies the files of the stopped node, and lets it go on until they are others. */
  async #backup(start: () => Promise<Done>): Promise<Done> {
    const { node, process, dataDirectory } = this.#parts;
    const killed = await process.kill();
    if (killed.type === "failed") return killed;
    copyDirectory(dataDirectory, this.#backupDirectory);
    const before = digestsOf(dataDirectory);
    const started = await start();
    if (started.type === "failed") return started;
    const startedAt = performance.now();
    for (;;) {
      await delay(100);
      const age = performance.now() - startedAt;
      const isOther = age > backupAgeMs && difference(before, digestsOf(dataDirectory)) !== undefined;
      if (isOther) return { type: "done", evidence: "the node has written since" };
      if (age > changedWithinMs)
        return {
          type: "failed",
          reason: `${node} wrote nothing within ${changedWithinMs} ms of its backup.`,
        };
    }
  }
}
