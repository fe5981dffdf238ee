/**
 * Things worth noticing, as one closed union. Protocols hold no counters and write no logs: metrics, the event log
 * and the simulated world's trace are all made from these. A sink is synchronous: when `emit` returns, the event
 * has been seen.
 */
import type { Dot } from "../core/versions.ts";
import type { NodeId } from "./network.ts";
import type { Durability } from "./storage.ts";

type OfTree = { readonly partition: number; readonly copies: number };
type OfKey = { readonly bucket: string; readonly key: string };

/** Why a connection with another node was ended: who it is, what it knows, or what it sends. */
export type PeerRefusal =
  | "other-cluster"
  | "wrong-secret"
  | "secret-needed"
  | "no-secret"
  | "malformed"
  | "damaged"
  | "silent";

export type TraceEvent =
  | { readonly type: "started"; readonly boot: number; readonly incarnation: string }
  | ({
      readonly type: "write-minted";
      readonly writeId: string;
      readonly dot: Dot;
      readonly isRetry: boolean;
    } & OfKey)
  | ({
      readonly type: "state-appended";
      readonly durability: Durability;
      readonly writeIds: readonly string[];
    } & OfKey)
  | ({ readonly type: "replica-sent"; readonly to: NodeId; readonly hintFor?: NodeId } & OfKey)
  | ({
      readonly type: "replica-acked";
      readonly from: NodeId;
      readonly role: "home" | "fallback";
      readonly durability: Durability;
      /** Whether the client had not been answered when it came. */
      readonly isAwaited: boolean;
    } & OfKey)
  | ({
      readonly type: "write-answered";
      readonly outcome: "ok" | "fail" | "info";
      readonly degraded: boolean;
    } & OfKey)
  | ({
      readonly type: "read-answered";
      readonly outcome: "ok" | "fail";
      readonly siblingCount: number;
    } & OfKey)
  | ({ readonly type: "read-repair-sent"; readonly to: NodeId } & OfKey)
  | ({ readonly type: "read-repaired"; readonly to: NodeId } & OfKey)
  | ({ readonly type: "hint-stored"; readonly target: NodeId } & OfKey)
  | ({ readonly type: "hint-delivered"; readonly target: NodeId } & OfKey)
  /** No room or no disk for the hint: the write relies on its other copies and on anti-entropy. */
  | ({ readonly type: "hint-refused"; readonly target: NodeId; readonly reason: string } & OfKey)
  | ({ readonly type: "write-forwarded"; readonly to: NodeId } & OfKey)
  | ({ readonly type: "epoch-minted"; readonly reason: string } & OfKey)
  /** An lww stamp, this node's own or a peer's, lies too far ahead of this node's clock. */
  | { readonly type: "stamp-refused"; readonly leadMs: number }
  /** Every copy of a deleted key is gone from this home, after proof that nothing older is left anywhere. */
  | ({ readonly type: "tombstone-reaped"; readonly writeIds: readonly string[] } & OfKey)
  /** `peer` misses writes of the partition that no room was left to keep for it: only trees can tell which. */
  | { readonly type: "partition-dirty"; readonly partition: number; readonly peer: NodeId }
  | {
      readonly type: "tree-compared";
      readonly peer: NodeId;
      readonly partition: number;
      readonly differingKeyCount: number;
    }
  /** States of keys that differ leave for the peer, which answers with its own. */
  | { readonly type: "exchange-sent"; readonly to: NodeId; readonly keyCount: number }
  | ({ readonly type: "key-repaired"; readonly peer: NodeId } & OfKey)
  | { readonly type: "trees-built"; readonly keyCount: number }
  | { readonly type: "member-changed"; readonly member: NodeId; readonly state: string }
  | { readonly type: "ring-changed"; readonly ringHash: string; readonly memberCount: number }
  | ({ readonly type: "transfer-accepted"; readonly to: NodeId; readonly step: string } & OfTree)
  | ({ readonly type: "transfer-streamed"; readonly to: NodeId; readonly keyCount: number } & OfTree)
  | ({ readonly type: "transfer-sealed"; readonly from: NodeId } & OfTree)
  /** This node says that it holds the tree whole; or that it holds it no more, before it deletes any of it. */
  | ({ readonly type: "tree-held" } & OfTree)
  | ({ readonly type: "tree-released" } & OfTree)
  | { readonly type: "stopped"; readonly isClean: boolean }
  | { readonly type: "peer-suspected"; readonly peer: NodeId }
  | { readonly type: "peer-recovered"; readonly peer: NodeId }
  /** A connection was ended for what came over it; `peer` is whom this node had connected to. */
  | { readonly type: "peer-refused"; readonly peer?: NodeId; readonly reason: PeerRefusal }
  | ({ readonly type: "record-quarantined"; readonly reason: string } & OfKey)
  /** The store has lost records and nobody can say which: the node begins anew, and is given everything again. */
  | { readonly type: "records-lost"; readonly reason: string }
  | { readonly type: "storage-failed"; readonly reason: string }
  /** How many slices of each tenth of a second background work may take from now on. */
  | { readonly type: "background-judged"; readonly slices: number }
  /** A whole pass over the store has ended. */
  | { readonly type: "store-scrubbed"; readonly isClean: boolean }
  /** The store was opened anew after a failed write, and takes writes again. */
  | { readonly type: "storage-recovered" };

export interface Trace {
  emit(event: TraceEvent): void;
}
