/**
 * Coordinates one client's read (Dynamo §4.5, 5), at whatever node it arrives: asks the first N healthy nodes,
 * answers with all versions that none of the replies supersedes, and mends the homes that were behind.
 *
 * A repair sends the merged siblings, never a chosen winner, and is merged there in turn. It runs after the answer or,
 * where the bucket says so, in part before it: then the answer waits until so many nodes hold what it says that every
 * later read of as many replies meets one of them.
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
import { deferred } from "./deferred.ts";
import { impossible } from "./impossible.ts";
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
    const answer = await round.answer();
    const isSettled = answer.type !== "met" || (await this.#spread(get, answer, deadlineMs));
    const outcome = isSettled ? this.#outcomeOf(get, answer) : unsettled;
    const siblingCount = outcome.type === "ok" ? outcome.siblings.length : 0;
    trace.emit({ type: "read-answered", ...keyOf(get.name), outcome: outcome.type, siblingCount });
    return outcome;
  }

  #plan({ name, placement, r, pr, minContext }: AdmittedGet, deadlineMs: number): ReadPlan {
    const { placements, peers, intervals, hedges } = this.#parts;
    const { sloppy } = placement.bucket;
    const versions = versionsOf(placement.bucket.versions);
    const isHealthy = (node: NodeId) => node === placements.self || peers.isHealthy(node);
    const targets = targetsNow(placement.reading, isHealthy, { sloppy }).map(({ node }) => node);
    const isSpare = (node: NodeId) => isHealthy(node) && !targets.includes(node);
    return {
      homes: placement.reading.homes,
      targets,
      spares: sloppy ? placement.reading.fallbacks.filter(isSpare) : [],
      needs: { total: r, homes: pr, synced: 0, fallbacksCount: true, groups: placement.reading.groups },
      isCovered: (replies) =>
        minContext === undefined || versions.covers(reconcile(versions, replies).merged, minContext),
      deadlineMs,
      patienceMs: (node) => peers.patienceMs(node, "replica-get"),
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
    if (type === "uncovered") return uncovered;
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

  /** Whether so many nodes hold the answer now that no later read of as many replies can show less. */
  async #spread(
    { name, placement, r }: AdmittedGet,
    { replies }: ReadAnswer,
    deadlineMs: number,
  ): Promise<boolean> {
    const { bucket, reading } = placement;
    const { homes } = reading;
    if (bucket.readRepair !== "blocking") return true;
    const { merged, behind, holderCount } = reconcile(versionsOf(bucket.versions), replies);
    const missing = homes.length - r + 1 - holderCount;
    if (missing <= 0 || merged.siblings.length === 0) return true;
    const silent = homes.filter((home) => replies.every(({ node }) => node !== home));
    const { clock } = this.#parts;
    const mended = this.#mendAll([...behind, ...silent], name, merged);
    return enoughOf(mended, missing, clock, Math.max(0, deadlineMs - clock.monotonicMs()));
  }

  /** Sends the merged state to every home that replied with less, or that has lost its record. */
  async #repair({ name, placement }: AdmittedGet, { replies, amnesiacs }: ReadHarvest): Promise<void> {
    if (placement.bucket.readRepair === "off" || replies.length === 0) return;
    const { merged, behind } = reconcile(versionsOf(placement.bucket.versions), replies);
    if (merged.siblings.length === 0) return;
    await Promise.all(this.#mendAll([...behind, ...amnesiacs], name, merged));
  }

  /** All siblings to each, never a chosen one. */
  #mendAll(nodes: readonly NodeId[], name: AdmittedGet["name"], merged: KeyState): Promise<boolean>[] {
    return nodes.map((node) => this.#mend(node, name, merged));
  }

  async #mend(node: NodeId, name: AdmittedGet["name"], state: KeyState): Promise<boolean> {
    const { peers, placements, replica, trace, intervals } = this.#parts;
    if (node !== placements.self) trace.emit({ type: "read-repair-sent", ...keyOf(name), to: node });
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
    return isMended;
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

/** Whether `count` of these become true within `withinMs`. */
async function enoughOf(
  attempts: readonly Promise<boolean>[],
  count: number,
  clock: Clock,
  withinMs: number,
): Promise<boolean> {
  const enough = deferred<boolean>();
  let left = count;
  const cancel = clock.after(withinMs, () => enough.resolve(false));
  for (const attempt of attempts) {
    attempt
      .then((isDone) => {
        if (isDone) left -= 1;
        if (left <= 0) enough.resolve(true);
      })
      .catch(impossible);
  }
  Promise.all(attempts)
    .then(() => enough.resolve(false))
    .catch(impossible);
  const isEnough = await enough.promise;
  cancel();
  return isEnough;
}

const uncovered: GetOutcome = {
  type: "fail",
  error: "context-unmet",
  detail:
    "Nobody who answered knows all that the min-context says has been seen; it may be out of reach or reaped.",
};

const unsettled: GetOutcome = {
  type: "fail",
  error: "timeout",
  detail:
    "The replicas differed and too few could be mended in time for an answer that later reads will confirm.",
};

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
