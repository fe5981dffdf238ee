/**
 * How often removed items resurface in union carts. An item counts as removed in a read when every add of it among
 * the cart's ancestors was observed by a remove among them; it resurfaced when the cart shows it all the same. Each
 * item of each key counts once, whatever the number of reads.
 */
import { counted, type Findings } from "./finding.ts";
import { mergedCart } from "./graph/cart.ts";
import type { Intervals } from "./graph/intervals.ts";
import type { Removers } from "./graph/removers.ts";
import { wroteSentence } from "./graph/story.ts";
import type { KeyDag } from "./graph/version-dag.ts";
import type { History } from "./history/history.ts";

export class UnionRate {
  readonly #history: History;
  readonly #removers: Removers;
  readonly #findings: Findings;
  #removed = 0;
  #resurfaced = 0;

  constructor(history: History, removers: Removers, findings: Findings) {
    this.#history = history;
    this.#removers = removers;
    this.#findings = findings;
  }

  get isUsed(): boolean {
    return this.#history.run?.promises.codec === "union";
  }

  key(dag: KeyDag): void {
    if (!this.isUsed) return;
    const { requests } = this.#history;
    const tagsOf = this.#removedTagsByItem(dag);
    if (tagsOf.size === 0) return;
    const removed = new Set<number>();
    const resurfaced = new Set<number>();
    for (const row of this.#history.rowsOfKey(dag.key)) {
      if (requests.kind(row) !== "get" || requests.outcome(row) !== "ok") continue;
      const observed = requests.observed(row);
      const cover = dag.coverOf(observed);
      const cart = mergedCart(this.#history, observed);
      for (const [item, tags] of tagsOf) {
        if (resurfaced.has(item) || !this.#isRemoved(dag, cover, tags)) continue;
        removed.add(item);
        if (!cart.items.has(item)) continue;
        resurfaced.add(item);
        this.#tell(row, item);
      }
    }
    this.#removed += removed.size;
    this.#resurfaced += resurfaced.size;
  }

  sentence(): string {
    const share = this.#removed === 0 ? 0 : (100 * this.#resurfaced) / this.#removed;
    return `${counted(this.#resurfaced)} of ${counted(this.#removed)} removed items resurfaced (${share.toFixed(1)} %)`;
  }

  metrics(): Readonly<Record<string, number>> {
    if (!this.isUsed) return {};
    return {
      removedItems: this.#removed,
      resurfacedItems: this.#resurfaced,
      resurfacedRate: this.#removed === 0 ? 0 : this.#resurfaced / this.#removed,
    };
  }

  /** Item -> all tags that adds of this key gave it, for items that any write took out. */
  #removedTagsByItem(dag: KeyDag): ReadonlyMap<number, readonly number[]> {
    const { written } = this.#history;
    const tagsOf = new Map<number, number[]>();
    const takenOut = new Set<number>();
    for (const version of dag.versions) {
      for (const item of written.removedItems(version)) takenOut.add(item);
      for (const tag of written.added(version)) {
        const item = written.itemOf(tag);
        tagsOf.set(item, [...(tagsOf.get(item) ?? []), tag]);
      }
    }
    return new Map([...tagsOf].filter(([item]) => takenOut.has(item)));
  }

  #isRemoved(dag: KeyDag, cover: Intervals, tags: readonly number[]): boolean {
    const added = tags.filter((tag) => dag.covers(cover, this.#history.written.addedBy(tag)));
    return (
      added.length > 0 &&
      added.every((tag) => this.#removers.of(tag).some((remover) => dag.covers(cover, remover)))
    );
  }

  #tell(row: number, item: number): void {
    const { requests, written } = this.#history;
    this.#findings.found("resurfaced-item", () => {
      const read = requests.request(row);
      const itemName = written.items.name(item);
      return {
        key: read.key,
        sentence: `${read.key} shows ${itemName}, although each add of it that this cart knows of was taken out by a remove that it knows of too.`,
        story: [...requests.observed(row)].map((version) => wroteSentence(this.#history, version)),
        requests: [read.id],
        writes: read.observed,
      };
    });
  }
}
