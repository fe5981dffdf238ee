/**
 * Every version that the run's puts and deletes made, as their writers described it: what it was built on, what it
 * did to the cart, and what it held. A version is the number of a write id; one that was only ever read, and that
 * no request wrote, is a version too, with `row` -1: a phantom.
 *
 * Tags are numbered like versions. Each belongs to one item and, when an add made it, to one version.
 */
import { Column, Lists } from "./columns.ts";
import type { Names } from "./names.ts";
import { type Action, actions, type Codec, codecs, type Vocabulary, type WrittenRow } from "./rows.ts";

export class Versions {
  readonly tags: Names;
  readonly items: Names;
  readonly #words: Vocabulary;
  /** Version -> its slot in the columns below, -1 for a version that no request wrote. */
  readonly #slots = new Column("integer");
  readonly #rows = new Column("integer");
  readonly #digests = new Column("integer");
  readonly #bytes = new Column("double");
  readonly #actions = new Column("byte");
  readonly #codecs = new Column("byte");
  readonly #parents = new Lists();
  readonly #added = new Lists();
  readonly #removed = new Lists();
  readonly #removedItems = new Lists();
  readonly #live = new Lists();
  readonly #dead = new Lists();
  readonly #sold = new Lists();
  /** Tag -> its item, and the version that added it or -1. */
  readonly #tagItems = new Column("integer");
  readonly #tagVersions = new Column("integer");

  constructor(words: Vocabulary) {
    this.#words = words;
    this.tags = words.tags;
    this.items = words.items;
  }

  /** Versions are 0 to `count` exclusive. */
  get count(): number {
    return this.#words.versions.count;
  }

  get tagCount(): number {
    return this.tags.count;
  }

  /** Only the history's builder adds. False when another request has already written this id: its version stays. */
  add(written: WrittenRow, row: number): boolean {
    const { version } = written;
    while (this.#slots.length <= version) this.#slots.push(-1);
    if (this.#slots.at(version) >= 0) return false;
    this.#slots.set(version, this.#rows.length);
    this.#rows.push(row);
    this.#digests.push(written.digest);
    this.#bytes.push(written.bytes);
    this.#parents.push(written.parents);
    this.#actions.push(written.action);
    this.#added.push(written.added);
    this.#removed.push(written.removed);
    this.#removedItems.push(written.removedItems);
    this.#codecs.push(written.codec);
    this.#live.push(written.live);
    this.#dead.push(written.dead);
    this.#sold.push(written.sold);
    this.#nameItems(written.added, written.addedItems);
    this.#nameItems(written.removed, written.itemsOfRemoved);
    if (codecs[written.codec] === "tagged") this.#nameItems(written.live, written.liveItems);
    for (const tag of written.added) if (this.#tagVersions.at(tag) < 0) this.#tagVersions.set(tag, version);
    return true;
  }

  /** The first item that is said of a tag stays its item. */
  #nameItems(tags: readonly number[], items: readonly number[]): void {
    for (let place = 0; place < tags.length; place++) {
      const tag = tags[place] ?? 0;
      while (this.#tagItems.length <= tag) {
        this.#tagItems.push(-1);
        this.#tagVersions.push(-1);
      }
      if (this.#tagItems.at(tag) < 0) this.#tagItems.set(tag, items[place] ?? -1);
    }
  }

  name(version: number): string {
    return version < 0 ? "(unreadable)" : this.#words.versions.name(version);
  }
  /** The request that wrote it, -1 when none did. */
  row(version: number): number {
    const slot = this.#slot(version);
    return slot < 0 ? -1 : this.#rows.at(slot);
  }
  /** The number of its digest, -1 when nobody wrote it. */
  digest(version: number): number {
    const slot = this.#slot(version);
    return slot < 0 ? -1 : this.#digests.at(slot);
  }
  bytes(version: number): number {
    const slot = this.#slot(version);
    return slot < 0 ? 0 : this.#bytes.at(slot);
  }
  action(version: number): Action {
    const slot = this.#slot(version);
    return slot < 0 ? "none" : (actions[this.#actions.at(slot)] ?? "none");
  }
  codec(version: number): Codec {
    const slot = this.#slot(version);
    return slot < 0 ? "none" : (codecs[this.#codecs.at(slot)] ?? "none");
  }
  parents(version: number): Int32Array {
    return this.#listOf(this.#parents, version);
  }
  /** Tags that this write added. */
  added(version: number): Int32Array {
    return this.#listOf(this.#added, version);
  }
  /** Tags that this write took out, having observed them. */
  removed(version: number): Int32Array {
    return this.#listOf(this.#removed, version);
  }
  /** Items that this write took out, also those of which it had observed no tag. */
  removedItems(version: number): Int32Array {
    return this.#listOf(this.#removedItems, version);
  }
  /** What the value holds: live tags of a tagged cart, items of a union cart. */
  live(version: number): Int32Array {
    return this.#listOf(this.#live, version);
  }
  /** The removed tags that a tagged cart carries. */
  dead(version: number): Int32Array {
    return this.#listOf(this.#dead, version);
  }
  /** Tags that an order record took. */
  sold(version: number): Int32Array {
    return this.#listOf(this.#sold, version);
  }
  /** The item of a tag, -1 when no add or cart ever named it. */
  itemOf(tag: number): number {
    return tag < this.#tagItems.length ? this.#tagItems.at(tag) : -1;
  }
  /** The version that added a tag, -1 when none did. */
  addedBy(tag: number): number {
    return tag < this.#tagVersions.length ? this.#tagVersions.at(tag) : -1;
  }

  #slot(version: number): number {
    return version >= 0 && version < this.#slots.length ? this.#slots.at(version) : -1;
  }

  #listOf(lists: Lists, version: number): Int32Array {
    const slot = this.#slot(version);
    return slot < 0 ? none : lists.at(slot);
  }
}

const none = new Int32Array(0);
