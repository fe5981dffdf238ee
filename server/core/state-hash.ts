/**
 * The canonical hash of a key's state: what two replicas compare to know that they agree (Dynamo §4.7).
 *
 * It covers the known events, the siblings' dots, write ids and value bytes, and which are tombstones. Hashing only
 * clocks would miss two replicas that hold different bytes under one clock; hashing only values would miss clocks
 * that diverge. It leaves out `recent`, ranks and wall clocks: which superseded writes a replica remembers depends
 * on which of them it ever held, so two replicas with equal versions would never agree and would repair each other
 * for ever. `sync` still merges those by fixed rules whenever states meet.
 */
import { hash } from "node:crypto";
import { sharedBytesOf } from "./key-state-codec.ts";
import type { KeyState } from "./versions.ts";

/** Thirty-two hexadecimal digits. */
export type StateHash = string;

/** Depends on the key too, so that two keys that swapped states do not look equal in a sum of hashes. */
export function stateHash(bucket: string, key: string, state: KeyState): StateHash {
  const ofState = hash("md5", sharedBytesOf(state), "hex");
  return hash("md5", `${bucket}\0${key}\0${ofState}`, "hex");
}

/** Whether two replicas with these states agree: equal hashes, found without hashing. */
export function statesAgree(a: KeyState, b: KeyState): boolean {
  if (a === b) return true;
  if (a.clock.size !== b.clock.size || a.siblings.length !== b.siblings.length) return false;
  const bytes = Buffer.from(sharedBytesOf(a));
  return Buffer.compare(bytes, sharedBytesOf(b)) === 0;
}
