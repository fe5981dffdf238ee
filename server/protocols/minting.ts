/**
 * Gives a client's write its place in the key's history: the one step that only a coordinator takes.
 *
 * The caller holds the key's lock from the load of the record to the end of its append. The node goes on under its
 * last epoch for the key only while its record proves that it remembers (core/actor.ts); epochs from before an
 * unclean stop prove nothing, since peers may have been sent dots whose append never reached the disk.
 */
import { actorOf, decideEpoch, type OwnKnowledge, parseActor } from "../core/actor.ts";
import type { KeyRecord } from "../core/key-state-codec.ts";
import { dotOfWrite } from "../core/siblings.ts";
import {
  type Actor,
  type ClientContext,
  type Dot,
  emptyKeyState,
  type KeyState,
  type Versions,
} from "../core/versions.ts";
import type { Clock } from "../ports/clock.ts";
import type { Trace } from "../ports/trace.ts";
import type { KeyName } from "../rpc/messages.ts";
import type { Identity } from "./identity.ts";
import type { Loaded } from "./records.ts";
import { keyOf } from "./replica.ts";
import type { Stamps } from "./stamps.ts";

export type ClientChange = {
  readonly name: KeyName;
  readonly value: Uint8Array | null;
  readonly writeId: string;
  readonly context: ClientContext;
};

export type Minted =
  | { readonly type: "minted"; readonly record: KeyRecord; readonly dot: Dot; readonly isRetry: boolean }
  /** Nothing was changed. */
  | { readonly type: "refused"; readonly reason: "storage" | "clock" }
  | { readonly type: "refused"; readonly reason: "too-many-siblings"; readonly siblingCount: number };

type Event =
  | { readonly type: "event"; readonly actor: Actor; readonly wallMs: number }
  | { readonly type: "refused"; readonly reason: "storage" | "clock" };

export type MinterParts = {
  readonly clock: Clock;
  readonly identity: Identity;
  readonly stamps: Stamps;
  readonly trace: Trace;
  readonly siblingCountMax: number;
  readonly stateBytesMax: number;
};

export class Minter {
  readonly #parts: MinterParts;

  constructor(parts: MinterParts) {
    this.#parts = parts;
  }

  /** The record after the write. A retry changes nothing and is told the dot of its first time. */
  async mint(versions: Versions, loaded: Loaded, change: ClientChange): Promise<Minted> {
    const { trace, siblingCountMax, stateBytesMax } = this.#parts;
    if (loaded.type === "failed") return { type: "refused", reason: "storage" };
    const state = loaded.type === "found" ? loaded.record.state : emptyKeyState;
    const known = loaded.type === "found" ? dotOfWrite(state, change.writeId) : undefined;
    if (loaded.type === "found" && known !== undefined) {
      trace.emit({
        type: "write-minted",
        ...keyOf(change.name),
        writeId: change.writeId,
        dot: known,
        isRetry: true,
      });
      return { type: "minted", record: loaded.record, dot: known, isRetry: true };
    }

    const event = versions.mode === "lww" ? await this.#stamped() : await this.#counted(loaded, change);
    if (event.type === "refused") return event;
    const { actor, wallMs } = event;
    const { context, value, writeId } = change;
    const updated = versions.update(state, { context, value, writeId, actor, wallMs });
    const siblingCount = updated.state.siblings.length;
    const isTooMany = siblingCount > siblingCountMax || valueBytesOf(updated.state) > stateBytesMax;
    // A write that merges is always welcome, however much there is left.
    if (isTooMany && siblingCount > state.siblings.length) {
      return { type: "refused", reason: "too-many-siblings", siblingCount: state.siblings.length };
    }
    const { dot } = updated;
    trace.emit({ type: "write-minted", ...keyOf(change.name), writeId, dot, isRetry: false });
    return { type: "minted", record: { state: updated.state, minted: dot }, dot, isRetry: false };
  }

  async #counted(loaded: Loaded, change: ClientChange): Promise<Event> {
    const actor = await this.#actorFor(loaded, change);
    if (actor === undefined) return { type: "refused", reason: "storage" };
    return { type: "event", actor, wallMs: this.#parts.clock.wallMs() };
  }

  /** Stamps never repeat in one incarnation, so an lww event needs no epoch. */
  async #stamped(): Promise<Event> {
    const { identity, stamps } = this.#parts;
    const stamp = await stamps.next();
    switch (stamp.type) {
      case "ahead":
        return { type: "refused", reason: "clock" };
      case "failed":
        return { type: "refused", reason: "storage" };
      case "stamp": {
        const actor = actorOf({ nodeId: identity.nodeId, incarnation: identity.incarnation, epoch: 0 });
        return { type: "event", actor, wallMs: stamp.wallMs };
      }
    }
  }

  /** Undefined when a fresh epoch is needed and the disk gives none. */
  async #actorFor(loaded: Loaded, { name, context }: ClientChange): Promise<Actor | undefined> {
    const { identity, trace } = this.#parts;
    const own = ownKnowledgeOf(loaded);
    const isRetired = this.#isRetired(own);
    const decision = decideEpoch(identity, own, context);
    if (decision.type === "continue" && !isRetired) return decision.actor;
    const epoch = await identity.nextEpoch();
    if (epoch === undefined) return undefined;
    const reason = decision.type === "continue" ? "unclean-stop" : decision.reason;
    trace.emit({ type: "epoch-minted", ...keyOf(name), reason });
    return actorOf({ nodeId: identity.nodeId, incarnation: identity.incarnation, epoch });
  }

  /** Whether the last dot given to the key is from before an unclean stop. */
  #isRetired(own: OwnKnowledge): boolean {
    const actor = own.type === "found" ? own.minted?.actor : undefined;
    const epoch = actor === undefined ? undefined : parseActor(actor)?.epoch;
    return epoch !== undefined && epoch < this.#parts.identity.epochFloor;
  }
}

function valueBytesOf({ siblings }: KeyState): number {
  return siblings.reduce((sum, { value }) => sum + (value?.length ?? 0), 0);
}

function ownKnowledgeOf(loaded: Loaded): OwnKnowledge {
  if (loaded.type === "absent") return { type: "absent" };
  return loaded.type === "found" ? { type: "found", ...loaded.record } : { type: "unreadable" };
}
