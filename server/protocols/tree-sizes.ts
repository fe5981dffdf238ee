/**
 * How much a tree holds on this node, for an operator who wants to know before anything moves.
 *
 * The keys are counted; what they weigh is estimated from at most sixteen records spread evenly over the tree, so that
 * the question costs a few reads, however large the store is.
 */
import type { TreeSize } from "../core/transfer-plan.ts";
import type { TreeName } from "../rpc/messages.ts";
import type { Disk } from "./disk.ts";
import type { Forest } from "./forest.ts";

export type TreeSizesParts = { readonly disk: Pick<Disk, "read">; readonly forest: Forest };

const sampleMax = 16;

export class TreeSizes {
  readonly #parts: TreeSizesParts;

  constructor(parts: TreeSizesParts) {
    this.#parts = parts;
  }

  /** In the order of `trees`, one after the other. A record that cannot be read weighs nothing. */
  async of(trees: readonly TreeName[]): Promise<readonly TreeSize[]> {
    const sizes: TreeSize[] = [];
    for (const tree of trees) sizes.push(await this.#sizeOf(tree));
    return sizes;
  }

  async #sizeOf(tree: TreeName): Promise<TreeSize> {
    const { disk, forest } = this.#parts;
    const keys = [...forest.treeOf(tree).hashes.keys()];
    const step = Math.max(1, keys.length / sampleMax);
    const sample = keys.filter((_, index) => Math.floor(index / step) !== Math.floor((index - 1) / step));
    const reads = await Promise.all(sample.map((key) => disk.read("values", key)));
    const sampled = reads.reduce((bytes, read) => bytes + (read.type === "found" ? read.bytes.length : 0), 0);
    const byteCount = Math.round((sampled * keys.length) / Math.max(1, sample.length));
    return { keyCount: keys.length, byteCount };
  }
}
