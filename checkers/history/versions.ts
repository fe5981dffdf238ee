/**
 * Every version that the run's puts and deletes made, as their writers described it: what it was built on, what it
 * did to the cart, and what it held. A version is the number of a write id; one that was only ever read, and that
 * no request wrote, is a version too, with `row` -1: a phantom.
 *
 * Tags are numbered like versions. Each belongs to one item and, when an add made it, to one version.
 */
import { Column, Lists } from "./columns.ts";
import type { CartContents, CartEffect, Written } from "./event.ts";
import { Names } from "./names.ts";
import type { Vocabulary } from "./requests.ts";

export type Action = CartEffect["action"] | "none";
export type Codec = CartContents["codec"] | "none";

const actions: readonly Action[] = [
  ...(["none", "add", "remove", "set-quantity", "merge", "checkout", "blind"] as const),
  ...(["delete", "order", "one-shot"] as const),
];
const codecs: readonly Codec[] = ["none", "tagged", "union"];

export class Versions {
  readonly tags = new Names();
  readonly items = new Names();
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
  }

  /** Versions are 0 to `count` exclusive. */
  get count(): number {
    return this.#words.versions.count;
  }

  get tagCount(): number {
    return this.tags.count;
  }

  /** Only the history's builder adds. False when another request has already written this id: its version stays. */
  add(written: Written, row: number): boolean {
    const version = this.#words.versions.number(written.write);
    while (this.#slots.length <= version) this.#slots.push(-1);
    if (this.#slots.at(version) >= 0) return false;
    this.#slots.set(version, this.#rows.length);
    this.#rows.push(row);
    this.#digests.push(this.#words.digests.number(written.digest));
    this.#bytes.push(written.bytes);
    this.#parents.push(written.parents.map((parent) => this.#words.versions.number(parent)));
    this.#addEffect(written.effect, version);
    this.#addContents(written.contents);
    this.#sold.push((written.sold ?? []).map((tag) => this.#tag(tag)));
    return true;
  }

  #addEffect(effect: CartEffect | undefined, version: number): void {
    const adds = (effect?.adds ?? []).map(({ tag, item }) => this.#tag(tag, item));
    for (const tag of adds) if (this.#tagVersions.at(tag) < 0) this.#tagVersions.set(tag, version);
    this.#actions.push(actions.indexOf(effect?.action ?? "none"));
    this.#added.push(adds);
    this.#removed.push(
      (effect?.removes ?? []).flatMap(({ item, observed }) => observed.map((tag) => this.#tag(tag, item))),
    );
    this.#removedItems.push((effect?.removes ?? []).map(({ item }) => this.items.number(item)));
  }

  #addContents(contents: CartContents | undefined): void {
    this.#codecs.push(codecs.indexOf(contents?.codec ?? "none"));
    if (contents === undefined) {
      this.#live.push([]);
      this.#dead.push([]);
    } else if (contents.codec === "tagged") {
      this.#live.push(contents.live.map(({ tag, item }) => this.#tag(tag, item)));
      this.#dead.push(contents.removed.map((tag) => this.#tag(tag)));
    } else {
      this.#live.push(contents.lines.map(({ item }) => this.items.number(item)));
      this.#dead.push([]);
    }
  }

  #tag(name: string, item?: string): number {
    const tag = this.tags.number(name);
    if (tag === this.#tagItems.length) {
      this.#tagItems.push(-1);
      this.#tagVersions.push(-1);
    }
    if (item !== undefined && this.#tagItems.at(tag) < 0) this.#tagItems.set(tag, this.items.number(item));
    return tag;
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
    return this.#tagItems.at(tag);
  }
  /** The version that added a tag, -1 when none did. */
  addedBy(tag: number): number {
    return this.#tagVersions.at(tag);
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
