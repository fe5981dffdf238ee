/**
 * Coordinates one client's put or delete at this node (Dynamo §4.5): mints the version under the key's lock, appends
 * it here, sends the whole key state to the others and answers when the quorum is met.
 *
 * The peers are sent the state while the append here is still under way, so a write costs the slower of disk and
 * network, not their sum. That is sound because an append that fails makes the node read-only, and a crash before
 * it makes the next start unclean; either way this node never mints under that epoch again, so a dot that only peers
 * know can never be given twice. The append counts as an acknowledgement like any other: when it is synced.
 */

import type { Intervals } from "../config.ts";
import { encodeContext } from "../core/context.ts";
import { type DurabilityDemand, demandOf } from "../core/durability-demand.ts";
import type { HedgeBudget } from "../core/hedge-budget.ts";
import { targetsNow } from "../core/preference-list.ts";
import { addReply, openQuorum, type QuorumNeeds, shortfall } from "../core/quorum.ts";
import { type Dot, emptyContext } from "../core/versions.ts";
import { versionsOf } from "../core/versions-of.ts";
import type { ErrorName, WriteOutcome } from "../outcomes.ts";
import type { Clock } from "../ports/clock.ts";
import type { NodeId } from "../ports/network.ts";
import type { Durability } from "../ports/storage.ts";
import type { Trace } from "../ports/trace.ts";
import type { AdmittedWrite } from "./admission.ts";
import type { Disk } from "./disk.ts";
import type { HintStore } from "./hint-store.ts";
import type { Identity } from "./identity.ts";
import { impossible } from "./impossible.ts";
import type { Minted, Minter } from "./minting.ts";
import type { OpenWork } from "./open-work.ts";
import type { Peers } from "./peers.ts";
import type { Placements } from "./placement.ts";
import type { Appended, Loaded, Records } from "./records.ts";
import { keyOf, type Replica } from "./replica.ts";
import { type Assignment, type RoundAnswer, WriteRound } from "./write-round.ts";

export type WriteCoordinationParts = {
  readonly clock: Clock;
  readonly disk: Disk;
  readonly hedges: HedgeBudget;
  readonly hints: HintStore;
  readonly identity: Identity;
  readonly intervals: Intervals;
  readonly minter: Minter;
  readonly openWork: OpenWork;
  readonly peers: Peers;
  readonly placements: Placements;
  readonly records: Records;
  readonly replica: Replica;
  readonly trace: Trace;
};

/** Who is sent a write, and who is left should one of them fail. `own` is missing where this node keeps nothing. */
type Cast = {
  readonly own: Assignment | undefined;
  readonly others: readonly Assignment[];
  readonly spares: readonly NodeId[];
  readonly demand: DurabilityDemand;
};

type Started =
  | { readonly type: "refused"; readonly outcome: WriteOutcome }
  | { readonly type: "started"; readonly round: WriteRound; readonly dot: Dot };

export class WriteCoordination {
  readonly #parts: WriteCoordinationParts;

  constructor(parts: WriteCoordinationParts) {
    this.#parts = parts;
  }

  /** `fail` while nothing was appended or sent, `info` ever after. `deadlineMs` is monotonic. */
  async coordinate(write: AdmittedWrite, deadlineMs: number): Promise<WriteOutcome> {
    const { trace, openWork } = this.#parts;
    // From the beginning, for a write that another node forwarded is under way nowhere else here.
    const end = openWork.begin();
    const started = await this.#start(write, deadlineMs);
    let outcome: WriteOutcome;
    if (started.type === "refused") {
      end();
      outcome = started.outcome;
    } else {
      started.round.over().then(end).catch(impossible);
      outcome = this.#outcomeOf(write, started.dot, await started.round.answer());
    }
    const degraded = outcome.type === "ok" && outcome.degraded;
    trace.emit({ type: "write-answered", ...keyOf(write.name), outcome: outcome.type, degraded });
    return outcome;
  }

  async #start(write: AdmittedWrite, deadlineMs: number): Promise<Started> {
    const { disk, records, minter, clock, hedges, hints, peers, trace, openWork } = this.#parts;
    const { name, placement } = write;
    if (disk.isReadOnly) return refused("read-only", "The disk of this node refuses writes.");
    const cast = this.#cast(write);
    const needs = needsOf(write);
    const hopeless = this.#shortfallOf(needs, cast);
    if (hopeless !== undefined) return { type: "refused", outcome: hopeless };

    const release = await records.locks.acquire(placement.storageKey);
    const refusal = this.#refusalInTurn(cast.own, deadlineMs);
    if (refusal !== undefined) {
      release();
      return refusal;
    }
    const loaded = await this.#load(write, cast.own);
    const minted = await minter.mint(versionsOf(placement.bucket.versions), loaded, write);
    if (minted.type === "refused") {
      release();
      return refusedByMinter(minted);
    }
    const { own, demand } = cast;
    const stored = own && openWork.track(this.#append(write, { ...own, demand }, minted).finally(release));
    if (stored === undefined) release();
    const round = new WriteRound(
      {
        name,
        state: minted.record.state,
        homes: placement.writing.homes,
        ...cast,
        own: own && stored && { ...own, stored },
        needs,
        deadlineMs,
      },
      { clock, hedges, hints, peers, trace },
    );
    round.begin();
    return { type: "started", round, dot: minted.dot };
  }

  /** What may have come between while other writes of the key went first. */
  #refusalInTurn(own: Assignment | undefined, deadlineMs: number): Started | undefined {
    const { clock, disk, hints } = this.#parts;
    // The write that went first may have failed, with a dot that its peers know: the next must not give it again.
    if (disk.isReadOnly) return refused("read-only", "The disk of this node refuses writes.");
    // For the same reason: peers would learn of a dot that is then not remembered here.
    if (own !== undefined && own.node !== own.home && !hints.hasRoom) {
      return refused("overloaded", "This node has no room to stand in for a home; nothing was written.");
    }
    if (clock.monotonicMs() < deadlineMs) return undefined;
    return refused(
      "timeout",
      "The time was over while other writes of the key went first; nothing was written.",
    );
  }

  /**
   * The first N healthy nodes. A coordinator that is none of them stands in for the first home; in an lww bucket it
   * only gives the stamp and passes the write on.
   */
  #cast({ placement, dw }: AdmittedWrite): Cast {
    const { peers, placements } = this.#parts;
    const { self } = placements;
    const isHealthy = (node: NodeId) => node === self || peers.isHealthy(node);
    const { bucket, writing } = placement;
    const { sloppy, versions } = bucket;
    const targets = targetsNow(writing, isHealthy, { sloppy }).map(({ node, standsInFor }) => ({
      node,
      home: standsInFor ?? node,
    }));
    const standIn = versions === "lww" ? undefined : { node: self, home: writing.homes[0] ?? self };
    const own = targets.find(({ node }) => node === self) ?? standIn;
    const others = targets.filter(({ node }) => node !== self);
    const taken = new Set([self, ...others.map(({ node }) => node)]);
    const spares = sloppy ? writing.fallbacks.filter((node) => isHealthy(node) && !taken.has(node)) : [];
    const demand = demandOf(
      placement.bucket.durability,
      dw,
      [...others, ...(own === undefined ? [] : [own])].map(({ home }) => home),
    );
    return { own, others, spares, demand };
  }

  /** What is missing even if everybody in the cast answers. */
  #shortfallOf(needs: QuorumNeeds, { own, others, spares }: Cast): WriteOutcome | undefined {
    const { reaches } = this.#parts.identity;
    let hoped = openQuorum(needs);
    for (const { node, home } of own === undefined ? others : [own, ...others]) {
      hoped = addReply(hoped, node, node === home ? "home" : "fallback", reaches);
    }
    for (const node of spares) hoped = addReply(hoped, node, "fallback", reaches);
    const short = shortfall(hoped);
    if (short === undefined) return undefined;
    const { needed, had } = short;
    const detail = `Of ${needed} ${nounOf(short.what)} only ${had} could be had; nothing was written.`;
    return { type: "fail", error: "quorum-unmet", detail, needed, had };
  }

  #load({ name }: AdmittedWrite, own: Assignment | undefined): Promise<Loaded> {
    const { replica, hints } = this.#parts;
    if (own === undefined) return Promise.resolve({ type: "absent" });
    const { node, home } = own;
    return node === home ? replica.load(name) : hints.load(home, name);
  }

  async #append(
    { name }: AdmittedWrite,
    { node, home, demand }: Assignment & Pick<Cast, "demand">,
    { record }: { readonly record: Extract<Minted, { type: "minted" }>["record"] },
  ): Promise<Durability | undefined> {
    const { replica, hints } = this.#parts;
    const appended: Appended =
      node === home
        ? await replica.append(name, record, demand(home))
        : await hints.append(home, name, record, demand(home));
    return appended.type === "stored" ? appended.durability : undefined;
  }

  #outcomeOf(write: AdmittedWrite, dot: Dot, answer: RoundAnswer): WriteOutcome {
    const { placements } = this.#parts;
    switch (answer.type) {
      case "met": {
        const { acknowledgements } = answer;
        return {
          type: "ok",
          context: this.#contextAfter(write, dot),
          writeId: write.writeId,
          dot: `${dot.actor}:${dot.counter}`,
          coordinator: placements.self,
          acknowledgements,
          degraded: acknowledgements.some(({ role }) => role === "fallback"),
        };
      }
      case "unmet":
      case "late": {
        const { needed, had } = answer;
        const detail = `${had} of ${needed} replicas acknowledged the write; it may still take effect.`;
        return {
          type: "info",
          error: answer.type === "late" ? "timeout" : "quorum-unmet",
          detail,
          needed,
          had,
        };
      }
    }
  }

  /**
   * What the client has seen now: what it had seen, and this write. Not the key's whole state, for that may hold
   * siblings the client was never given. A context too long to be carried is left out: the next write is then
   * concurrent with this one, and nothing is lost.
   */
  #contextAfter({ name, placement, context, writeId }: AdmittedWrite, dot: Dot): string {
    const { ring, self } = this.#parts.placements;
    const seen = versionsOf(placement.bucket.versions).contextAfter(context, { writeId, dot });
    const content = { fastest: self, ringHash: ring.hash };
    const encoded = encodeContext({ context: seen, ...content }, name.bucket, name.key);
    if (encoded.type === "ok") return encoded.token;
    const nothing = encodeContext({ context: emptyContext, ...content }, name.bucket, name.key);
    return nothing.type === "ok" ? nothing.token : "";
  }
}

function needsOf({ w, pw, dw, placement }: AdmittedWrite): QuorumNeeds {
  return {
    total: w,
    homes: pw,
    synced: dw,
    fallbacksCount: placement.bucket.hintsCountForW,
    groups: placement.writing.groups,
  };
}

function nounOf(what: "total" | "homes" | "synced"): string {
  switch (what) {
    case "total":
      return "acknowledgements";
    case "homes":
      return "acknowledgements of home nodes";
    case "synced":
      return "synced acknowledgements";
  }
}

function refusedByMinter(minted: Extract<Minted, { type: "refused" }>): Started {
  switch (minted.reason) {
    case "storage":
      return refused("read-only", "The disk of this node cannot be read or written.");
    case "clock":
      return refused(
        "overloaded",
        "The clock of this node has gone back; it gives no stamps until it is past them.",
      );
    case "too-many-siblings":
      return refused(
        "too-many-siblings",
        `The key has ${minted.siblingCount} concurrent versions; read and merge them first.`,
      );
  }
}

function refused(error: ErrorName, detail: string): Started {
  return { type: "refused", outcome: { type: "fail", error, detail } };
}
