/**
 * One string for each actor's name, however often it is read from bytes.
 *
 * States and contexts are decoded all the time and name the same few actors in every dot. Two equal names that are one
 * string are compared in one step and found in a map without being hashed again.
 */
import type { Actor } from "./versions.ts";

const nameCountMax = 10_000;
const names = new Map<string, Actor>();

/** `actor` itself, or the equal string that was met before. */
export function onlyNameOf(actor: Actor): Actor {
  const known = names.get(actor);
  if (known !== undefined) return known;
  if (names.size >= nameCountMax) names.clear();
  names.set(actor, actor);
  return actor;
}
