/**
 * The canonical hash of a key's state: what two replicas compare to know that they agree (Dynamo §4.7).
 *
 * It covers the known events, the siblings' dots, write ids and value bytes, and which are tombstones.
 * Hashing only clocks would miss two replicas that hold different bytes under one clock; hashing only values
 * would miss clocks that diverge. It leaves out `recent`, ranks and wall clocks: which superseded writes a
 * replica remembers depends on which of them it ever held, so two replicas with equal versions would never
 * agree and would repair each other for ever. `sync` still merges those by fixed rules whenever states meet.
 */
import { hash } from "node:crypto";
import { isSameDot } from "./causal-context.ts";
import { sharedBytesOf } from "./key-state-codec.ts";
import { compareValues } from "./siblings.ts";
import { compare } from "./version-vector.ts";
import { type Dot, emptyContext, type KeyState, type Sibling } from "./versions.ts";

/** Thirty-two hexadecimal digits. */
export type StateHash = string;

/** Depends on the key too, so that two keys that swapped states do not look equal in a sum of hashes. */
export function stateHash(bucket: string, key: string, state: KeyState): StateHash {
  return hash("md5", sharedBytesOf(state, `${bucket}\0${key}`), "hex");
}

/** Whether two replicas with these states agree: what the hashes would say, without hashing. */
export function statesAgree(a: KeyState, b: KeyState): boolean {
  if (a === b) return true;
  if (compare(a.clock, b.clock) !== "equal" || !areSameDots(a.cloud, b.cloud)) return false;
  if (a.siblings.length !== b.siblings.length) return false;
  return a.siblings.every((sibling, index) => {
    const other = b.siblings[index];
    return other !== undefined && areSameVersion(sibling, other);
  });
}

function areSameVersion(a: Sibling, b: Sibling): boolean {
  if (a.writeId !== b.writeId || !areSameDots(a.dots, b.dots)) return false;
  if ((a.clock === undefined) !== (b.clock === undefined)) return false;
  if (compare(a.clock ?? noEvents, b.clock ?? noEvents) !== "equal") return false;
  return compareValues(a.value, b.value) === 0;
}

function areSameDots(a: readonly Dot[], b: readonly Dot[]): boolean {
  if (a.length !== b.length) return false;
  return a.every((dot, index) => {
    const other = b[index];
    return other !== undefined && isSameDot(dot, other);
  });
}

const noEvents = emptyContext.vector;
