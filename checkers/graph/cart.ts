/** What a read's siblings make as one cart, merged as the run's codec merges. */
import type { History } from "../history/history.ts";

export type MergedCart = {
  /** Live tags of a tagged cart; of a union cart there are none. */
  readonly tags: ReadonlySet<number>;
  /** Items, of either codec. */
  readonly items: ReadonlySet<number>;
};

/** Versions without cart contents (tombstones, phantoms) hold nothing. */
export const mergedCart = ({ written }: History, versions: Iterable<number>): MergedCart => {
  const tags = new Set<number>();
  const items = new Set<number>();
  const dead = new Set<number>();
  for (const version of versions) {
    if (written.codec(version) === "union") for (const item of written.live(version)) items.add(item);
    if (written.codec(version) !== "tagged") continue;
    for (const tag of written.live(version)) tags.add(tag);
    for (const tag of written.dead(version)) dead.add(tag);
  }
  for (const tag of dead) tags.delete(tag);
  for (const tag of tags) items.add(written.itemOf(tag));
  return { tags, items };
};

/** Whether the line that `tag` stands for is in the cart: by its tag, or by its name where carts have no tags. */
export const holdsTag = ({ written }: History, cart: MergedCart, tag: number): boolean =>
  cart.tags.has(tag) ||
  (written.codec(written.addedBy(tag)) === "union" && cart.items.has(written.itemOf(tag)));
