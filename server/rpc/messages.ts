/**
 * What nodes say to each other: a closed union of requests, each with its replies. `codec.ts` turns them to bytes.
 *
 * Key states travel whole on every path (see core/versions.ts). A replica that does not own a partition under its
 * own ring answers `wrong-owner` and never counts as an acknowledgement.
 */
import type { KeyState } from "../core/versions.ts";
import type { ClientWrite, WriteOutcome } from "../outcomes.ts";
import type { NodeId } from "../ports/network.ts";
import type { Durability } from "../ports/storage.ts";

export type KeyName = { readonly bucket: string; readonly key: string };

/** Whom a fallback stands in for: the state is kept as a hint and delivered to that node later (§4.6). */
export type HintTarget = { readonly nodeId: NodeId };

export type DifferingKey = KeyName & { readonly hash: string };

/**
 * One Merkle tree: the keys of one partition whose buckets keep the same number of copies. Buckets of another `n`
 * have other homes, and one tree for both would differ for ever between nodes that rightly hold different keys.
 */
export type TreeName = { readonly partition: number; readonly copies: number };

/** `home`: asked as one of the key's N; refused by a node that does not think so. `fallback`: asked in place of one. */
export type ReplicaRole = "home" | "fallback";

export type PeerRequest =
  /** `ringHash`: two nodes that place keys differently must not serve each other; the answer is then `wrong-ring`. */
  | { readonly type: "ping"; readonly ringHash: string }
  | ({ readonly type: "replica-get"; readonly role: ReplicaRole } & KeyName)
  /** `durability`: what has to be reached before the answer; `stored` says what was, which may be more. */
  | ({
      readonly type: "replica-put";
      readonly state: KeyState;
      readonly hintFor?: HintTarget;
      readonly durability: Durability;
    } & KeyName)
  /** The receiver coordinates or refuses; it never forwards again. Its context and sizes are already checked. */
  | { readonly type: "forward-write"; readonly write: ClientWrite }
  /** Root hashes of all the given trees, in their order: one message says that everything shared is equal. */
  | { readonly type: "tree-roots"; readonly ringHash: string; readonly trees: readonly TreeName[] }
  /** Hashes of the given nodes of one level; level 0 is the root itself. */
  | {
      readonly type: "tree-hashes";
      readonly tree: TreeName;
      readonly level: number;
      readonly indexes: readonly number[];
    }
  /** Every key below the given leaves, with the hash of its state. */
  | { readonly type: "tree-keys"; readonly tree: TreeName; readonly leaves: readonly number[] }
  /**
   * Deleted keys with the hash of their state. `prove`: is anything of them in the way of dropping them for good?
   * `drop`: everybody has said no, under the ring of this hash.
   */
  | {
      readonly type: "reap";
      readonly step: "prove" | "drop";
      readonly ringHash: string;
      readonly keys: readonly DifferingKey[];
    }
  /** "Merge these, and give me yours": the exchange goes both ways. */
  | { readonly type: "exchange"; readonly states: readonly (KeyName & { readonly state: KeyState })[] };

export type PeerReply =
  | { readonly type: "pong" }
  | { readonly type: "state"; readonly state: KeyState }
  | { readonly type: "stored"; readonly durability: Durability }
  | { readonly type: "wrote"; readonly outcome: WriteOutcome }
  | { readonly type: "hashes"; readonly hashes: readonly string[] }
  | { readonly type: "keys"; readonly keys: readonly DifferingKey[] }
  /** For each key of a `reap`: nothing is in the way, or it was dropped. */
  | { readonly type: "proofs"; readonly holds: readonly boolean[] }
  | { readonly type: "states"; readonly states: readonly (KeyName & { readonly state: KeyState })[] }
  /** The asker must not count this as an answer; `reason` says why. */
  | {
      readonly type: "refused";
      readonly reason:
        | "wrong-owner"
        | "wrong-ring"
        | "storage"
        /** An lww stamp is too far ahead of the refusing node's clock. */
        | "stamp"
        | "amnesia"
        | "overloaded"
        | "malformed"
        | "building"
        | "shutting-down";
    };
