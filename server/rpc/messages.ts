/**
 * What nodes say to each other: a closed union of requests, each with its replies. `codec.ts` turns them to bytes.
 *
 * Key states travel whole on every path (see core/versions.ts). A replica that does not own a partition under its
 * own ring answers `wrong-owner` and never counts as an acknowledgement.
 */
import type { TableDelta, TableDigest } from "../core/cluster-table.ts";
import type { NodeAddress } from "../core/membership.ts";
import type { TreeSize } from "../core/transfer-plan.ts";
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

/** How a node speaks of itself, so that those who do not know it can be told to let it join. */
export type Introduction = {
  readonly address: NodeAddress;
  readonly capacity: number;
  readonly dc: string;
  readonly rack: string;
};

/** What a home that is to be given a tree wants next; `after` is the storage key up to which it has everything. */
export type TransferStep =
  | { readonly type: "stream"; readonly after: string | null }
  | { readonly type: "seal" }
  /** It holds the tree already. */
  | { readonly type: "held" };

/**
 * Two nodes that place keys differently must not serve each other: all but gossip and pings are answered `wrong-ring`
 * if the hash of the asker's ring, which travels with every message, is not that of the receiver's.
 */
export type PeerRequest =
  | { readonly type: "ping" }
  | { readonly type: "gossip-hash"; readonly hash: string; readonly introduction: Introduction }
  /** "Here is what your digest lacked, and my digest: send me what mine lacks." */
  | { readonly type: "gossip-delta"; readonly digest: TableDigest; readonly delta: TableDelta }
  /** "I hold this tree and you should": the receiver says what it wants, or refuses for now. */
  | { readonly type: "transfer-offer"; readonly tree: TreeName }
  /** A piece of the tree in storage order; `next` is where the following one begins, null after the last. */
  | {
      readonly type: "transfer-chunk";
      readonly tree: TreeName;
      readonly states: readonly (KeyName & { readonly state: KeyState })[];
      readonly next: string | null;
    }
  /** "How much is there of these?" For an operator's dry run. */
  | { readonly type: "tree-sizes"; readonly trees: readonly TreeName[] }
  /** "I compared the tree with yours, and you have all I have." */
  | { readonly type: "transfer-seal"; readonly tree: TreeName }
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
  /** Null: the tables are equal. */
  | { readonly type: "gossip-digest"; readonly digest: TableDigest | null }
  | { readonly type: "gossip-delta"; readonly delta: TableDelta }
  | { readonly type: "transfer-step"; readonly step: TransferStep }
  | { readonly type: "state"; readonly state: KeyState }
  | { readonly type: "stored"; readonly durability: Durability }
  | { readonly type: "wrote"; readonly outcome: WriteOutcome }
  | { readonly type: "hashes"; readonly hashes: readonly string[] }
  | { readonly type: "keys"; readonly keys: readonly DifferingKey[] }
  /** In the order of the trees asked about. */
  | { readonly type: "sizes"; readonly sizes: readonly TreeSize[] }
  /** For each key of a `reap`: nothing is in the way, or it was dropped. */
  | { readonly type: "proofs"; readonly holds: readonly boolean[] }
  | { readonly type: "states"; readonly states: readonly (KeyName & { readonly state: KeyState })[] }
  /** The asker must not count this as an answer; `reason` says why. */
  | {
      readonly type: "refused";
      readonly reason:
        | "wrong-owner"
        | "wrong-ring"
        /** The asker has a member's name and is not that member; see `replace`. */
        | "unknown-incarnation"
        /** The asker is no member, and this is between members. */
        | "not-a-member"
        | "storage"
        /** An lww stamp is too far ahead of the refusing node's clock. */
        | "stamp"
        | "amnesia"
        | "overloaded"
        | "malformed"
        | "building"
        | "shutting-down"
        /** Nobody waits for the answer any more, so nothing was done. */
        | "late";
    };
