/**
 * Damaged records, kept aside for whoever wants to know what happened to the disk.
 *
 * The record itself stays where it is, since a corrupt record says "I knew something here" where a missing one would
 * say "I knew nothing"; it is written over when a peer brings the key back. Before that its bytes are copied here, as
 * they were found, under the space and key they stood at. Bounded: beyond it damage is still counted, not kept.
 */
import type { Durability, Space } from "../ports/storage.ts";
import type { Disk } from "./disk.ts";

const keptCountMax = 1000;

export class Quarantine {
  readonly #disk: Disk;
  readonly #kept = new Set<string>();

  constructor(disk: Disk) {
    this.#disk = disk;
  }

  /** Damaged records kept, also from earlier lives of the node. */
  get count(): number {
    return this.#kept.size;
  }

  /** Reads back what earlier lives kept. */
  async open(): Promise<void> {
    const scanned = await this.#disk.scan("quarantine", { prefix: "", limit: keptCountMax });
    if (scanned.type === "failed") return;
    for (const { key } of scanned.entries) this.#kept.add(key);
  }

  /** Keeps the bytes of a damaged record, once. `bytes`: as they stand on the disk, if they could be read. */
  keep(space: Space, key: string, bytes: Uint8Array | undefined): void {
    const name = `${space}/${key}`;
    if (bytes === undefined || this.#kept.has(name) || this.#kept.size >= keptCountMax) return;
    this.#kept.add(name);
    // Not waited for: nobody's answer depends on it, and a disk that refuses it says so by itself.
    const durability: Durability = "buffered";
    void this.#disk.write([{ type: "put", space: "quarantine", key: name, bytes }], durability);
  }
}
