/**
 * Coordinates one client's read (Dynamo §4.5, 5), at whatever node it arrives: asks the first N healthy nodes,
 * answers with all versions that none of the replies supersedes, and mends the homes that were behind.
 *
 * A repair sends the merged siblings, never a chosen winner, and is merged there in turn; it runs after the answer.
 */
import type { Intervals } from "../config.ts";
import { encodeContext } from "../core/context.ts";
import type { HedgeBudget } from "../core/hedge-budget.ts";
import { targetsNow } from "../core/preference-list.ts";
import { reconcile } from "../core/read-repair.ts";
import type { KeyState } from "../core/versions.ts";
import { versionsOf } from "../core/versions-of.ts";
import type { GetOutcome } from "../outcomes.ts";
import type { Clock } from "../ports/clock.ts";
import type { Exchange, NodeId } from "../ports/network.ts";
import type { Trace } from "../ports/trace.ts";
import type { AdmittedGet } from "./admission.ts";
import type { LocalView } from "./local-view.ts";
import type { OpenWork } from "./open-work.ts";
import type { Peers } from "./peers.ts";
import type { Placements } from "./placement.ts";
import { type ReadAnswer, type ReadHarvest, type ReadPlan, ReadRound } from "./read-round.ts";
import { keyOf, type Replica, type StateOutcome } from "./replica.ts";

export type ReadCoordinationParts = {
  readonly clock: Clock;
  readonly hedges: HedgeBudget;
  readonly intervals: Intervals;
  readonly localView: Pick<LocalView, "read">;
  readonly openWork: OpenWork;
  readonly peers: Peers;
  readonly placements: Placements;
  readonly replica: Pick<Replica, "merge">;
  readonly trace: Trace;
};

export class ReadCoordination {
  readonly #parts: ReadCoordinationParts;

  constructor(parts: ReadCoordinationParts) {
    this.#parts = parts;
  }

  /** Never rejects. `deadlineMs` is monotonic. */
  async read(get: AdmittedGet, deadlineMs: number): Promise<GetOutcome> {
    const { clock, openWork, trace } = this.#parts;
    const round = new ReadRound(this.#plan(get, deadlineMs), clock);
    openWork.track(round.harvest().then((harvest) => this.#repair(get, harvest)));
    round.begin();
    const outcome = this.#outcomeOf(get, await round.answer());
    const siblingCount = outcome.type === "ok" ? outcome.siblings.length : 0;
    trace.emit({ type: "read-answered", ...keyOf(get.name), outcome: outcome.type, siblingCount });
    return outcome;
  }

  #plan({ name, placement, r, pr }: AdmittedGet, deadlineMs: number): ReadPlan {
    const { placements, peers, intervals, hedges } = this.#parts;
    const { sloppy } = placement.bucket;
    const isHealthy = (node: NodeId) => node === placements.self || peers.isHealthy(node);
    const targets = targetsNow(placement.reading, isHealthy, { sloppy }).map(({ node }) => node);
    const isSpare = (node: NodeId) => isHealthy(node) && !targets.includes(node);
    return {
      homes: placement.reading.homes,
      targets,
      spares: sloppy ? placement.reading.fallbacks.filter(isSpare) : [],
      needs: { total: r, homes: pr, synced: 0, fallbacksCount: true, groups: placement.reading.groups },
      deadlineMs,
      escalateMs: intervals.escalateMs,
      hedges,
      graceMs: intervals.readRepairGraceMs,
      ask: (node) => this.#ask(node, { name, placement }, deadlineMs),
    };
  }

  async #ask(
    node: NodeId,
    { name, placement }: Pick<AdmittedGet, "name" | "placement">,
    deadlineMs: number,
  ): Promise<StateOutcome | undefined> {
    const { clock, localView, peers, placements, intervals } = this.#parts;
    if (node === placements.self) return localView.read(name);
    const role = placement.reading.homes.includes(node) ? "home" : "fallback";
    const timeoutMs = Math.max(1, deadlineMs - clock.monotonicMs()) + intervals.readRepairGraceMs;
    return stateIn(await peers.ask(node, { type: "replica-get", role, ...keyOf(name) }, timeoutMs));
  }

  #outcomeOf({ name, placement }: AdmittedGet, answer: ReadAnswer): GetOutcome {
    const { ring, self } = this.#parts.placements;
    const { type, replies, needed, had } = answer;
    if (type !== "met") {
      const detail = `${had} of ${needed} replicas answered.`;
      return { type: "fail", error: type === "late" ? "timeout" : "quorum-unmet", detail, needed, had };
    }
    const versions = versionsOf(placement.bucket.versions);
    const { merged } = reconcile(versions, replies);
    const fastest = replies.find(({ isHome }) => isHome)?.node ?? "";
    const content = { context: versions.contextOf(merged), fastest, ringHash: ring.hash };
    const encoded = encodeContext(content, name.bucket, name.key);
    if (encoded.type === "fail") {
      const detail = `The key cannot be read: ${encoded.reason}.`;
      return { type: "fail", error: "too-many-siblings", detail };
    }
    return {
      type: "ok",
      ...versionsIn(merged),
      context: encoded.token,
      coordinator: self,
      repliedNodes: replies.map(({ node }) => node),
    };
  }

  /** Sends the merged state to every home that replied with less, or that has lost its record. */
  async #repair({ name, placement }: AdmittedGet, { replies, amnesiacs }: ReadHarvest): Promise<void> {
    if (!placement.bucket.readRepair || replies.length === 0) return;
    const { merged, behind } = reconcile(versionsOf(placement.bucket.versions), replies);
    if (merged.siblings.length === 0) return;
    await Promise.all([...behind, ...amnesiacs].map((node) => this.#mend(node, name, merged)));
  }

  async #mend(node: NodeId, name: AdmittedGet["name"], state: KeyState): Promise<void> {
    const { peers, placements, replica, trace, intervals } = this.#parts;
    const isMended =
      node === placements.self
        ? (await replica.merge(name, state, "synced")).type === "stored"
        : isStored(
            await peers.ask(
              node,
              { type: "replica-put", ...keyOf(name), state, durability: "synced" },
              intervals.requestMs,
            ),
          );
    if (isMended) trace.emit({ type: "read-repaired", ...keyOf(name), to: node });
  }
}

function versionsIn({
  siblings,
}: KeyState): Pick<Extract<GetOutcome, { type: "ok" }>, "siblings" | "tombstones"> {
  return {
    siblings: siblings.flatMap(({ value, writeId }) => (value === null ? [] : [{ value, writeId }])),
    tombstones: siblings.flatMap(({ value, writeId }) => (value === null ? [writeId] : [])),
  };
}

function stateIn(exchange: Exchange): StateOutcome | undefined {
  if (exchange.type === "unreachable") return undefined;
  const { reply } = exchange;
  if (reply.type === "state") return reply;
  return reply.type === "refused" && reply.reason === "amnesia"
    ? { type: "refused", reason: "amnesia" }
    : undefined;
}

function isStored(exchange: Exchange): boolean {
  return exchange.type === "reply" && exchange.reply.type === "stored";
}
