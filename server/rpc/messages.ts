/**
 * What nodes say to each other: a closed union of requests, each with its replies. `codec.ts` turns them to bytes.
 *
 * Key states travel whole on every path (see core/versions.ts). A replica that does not own a partition under its
 * own ring answers `wrong-owner` and never counts as an acknowledgement.
 */
import type { KeyState } from "../core/versions.ts";
import type { ClientGet, ClientWrite, GetOutcome, WriteOutcome } from "../outcomes.ts";
import type { NodeId } from "../ports/network.ts";
import type { Durability } from "../ports/storage.ts";

export type KeyName = { readonly bucket: string; readonly key: string };

/** Whom a fallback stands in for: the state is kept as a hint and delivered to that node later (§4.6). */
export type HintTarget = { readonly nodeId: NodeId };

export type DifferingKey = KeyName & { readonly hash: string };

export type PeerRequest =
  | { readonly type: "ping" }
  | ({ readonly type: "replica-get" } & KeyName)
  | ({ readonly type: "replica-put"; readonly state: KeyState; readonly hintFor?: HintTarget } & KeyName)
  | { readonly type: "forward-get"; readonly get: ClientGet }
  | { readonly type: "forward-write"; readonly write: ClientWrite }
  /** Hashes of the children of the given tree nodes; level 0 is the root itself. */
  | {
      readonly type: "tree-hashes";
      readonly partition: number;
      readonly level: number;
      readonly indexes: readonly number[];
    }
  /** Every key below the given leaves, with the hash of its state. */
  | { readonly type: "tree-keys"; readonly partition: number; readonly leaves: readonly number[] }
  /** "Merge these, and give me yours": the exchange goes both ways. */
  | { readonly type: "exchange"; readonly states: readonly (KeyName & { readonly state: KeyState })[] };

export type PeerReply =
  | { readonly type: "pong" }
  | { readonly type: "state"; readonly state: KeyState }
  | { readonly type: "stored"; readonly durability: Durability }
  | { readonly type: "got"; readonly outcome: GetOutcome }
  | { readonly type: "wrote"; readonly outcome: WriteOutcome }
  | { readonly type: "hashes"; readonly hashes: readonly string[] }
  | { readonly type: "keys"; readonly keys: readonly DifferingKey[] }
  | { readonly type: "states"; readonly states: readonly (KeyName & { readonly state: KeyState })[] }
  /** The asker must not count this as an answer; `reason` says why. */
  | {
      readonly type: "refused";
      readonly reason: "wrong-owner" | "wrong-ring" | "storage" | "amnesia" | "overloaded" | "malformed";
    };
