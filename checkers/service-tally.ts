/**
 * Counting requests into phases: what came of those that a phase intended, second by second and in all.
 *
 * A request belongs to the phase in which it was intended, so that what a stall held up is charged to the stall. It
 * is bad when it was not acknowledged, or later than the limit, compared exactly in microseconds.
 */
import type { LoadHealth, Micros, NodeName, Objective, Phase } from "./history/event.ts";
import type { Requests } from "./history/requests.ts";
import type { Outcome } from "./history/rows.ts";
import type { Block } from "./latency/block-bootstrap.ts";
import { LatencyHistogram } from "./latency/histogram.ts";

export type Operation = Objective["operation"];

/** From which moment a request is measured: `response` from its intended start, `service` from its sending. */
export type Measure = "response" | "service";

/** What is counted: requests of `operation` in phases of `phase`'s kind, against a limit. */
export type Target = Objective & {
  /** Of those phases only some. */
  readonly among?: (phase: Phase) => boolean;
  /** Only requests that entered at one of these. */
  readonly entries?: readonly NodeName[];
};

/** What there is to count: a history, or a generator's own record of what it sent. */
export type ServiceEvidence = {
  readonly run: { readonly seed: number; readonly objectives: readonly Objective[] } | undefined;
  readonly phases: readonly Phase[];
  readonly load: readonly LoadHealth[];
  readonly nodes: { name(node: number): NodeName };
  readonly requests: Pick<
    Requests,
    "count" | "isFinal" | "kind" | "entry" | "intended" | "sent" | "done" | "outcome"
  >;
};

export class Tally {
  requests = 0;
  slow = 0;
  dropped = 0;
  readonly outcomes = { ok: 0, fail: 0, info: 0 };
  readonly latencies = new LatencyHistogram();
  blocks: Block[] = [];

  get bad(): number {
    return this.slow + this.outcomes.fail + this.outcomes.info + this.dropped;
  }

  /** All requests of `other` too. */
  include(other: Tally): void {
    this.requests += other.requests;
    this.slow += other.slow;
    this.dropped += other.dropped;
    this.outcomes.ok += other.outcomes.ok;
    this.outcomes.fail += other.outcomes.fail;
    this.outcomes.info += other.outcomes.info;
    this.latencies.add(other.latencies);
    this.blocks = [...this.blocks, ...other.blocks];
  }
}

/** The tally of one target in one phase, while it is filled. */
export class PhaseTally {
  readonly target: Target;
  readonly phase: Phase;
  readonly tally = new Tally();
  readonly #seconds: { bad: number; count: number }[];

  constructor(target: Target, phase: Phase) {
    this.target = target;
    this.phase = phase;
    const length = Math.max(0, Math.ceil((phase.until - phase.from) / 1e6));
    this.#seconds = Array.from({ length }, () => ({ bad: 0, count: 0 }));
    this.tally.blocks = this.#seconds;
  }

  answered(at: Micros, outcome: Outcome, micros: Micros): void {
    const { tally } = this;
    const isSlow = outcome === "ok" && micros > this.target.limitMs * 1000;
    tally.requests += 1;
    tally.outcomes[outcome] += 1;
    if (isSlow) tally.slow += 1;
    if (outcome === "ok") tally.latencies.record(micros);
    this.#count(at, { count: 1, bad: isSlow || outcome !== "ok" ? 1 : 0 });
  }

  dropped(at: Micros, count: number): void {
    this.tally.dropped += count;
    this.#count(at, { count, bad: count });
  }

  #count(at: Micros, block: Block): void {
    const second = this.#seconds[Math.floor((at - this.phase.from) / 1e6)];
    if (second === undefined) return;
    second.count += block.count;
    second.bad += block.bad;
  }
}

/** One pass over the requests, for all targets at once. In the order of `targets`, phase by phase. */
export const phaseTallies = (
  { requests, phases, load, nodes }: ServiceEvidence,
  targets: readonly Target[],
  measure: Measure,
): readonly PhaseTally[] => {
  const tallies = targets.flatMap((target) =>
    phases
      .filter((phase) => phase.kind === target.phase && target.among?.(phase) !== false)
      .map((phase) => new PhaseTally(target, phase)),
  );
  const ofPhase = new Map(phases.map((phase) => [phase, tallies.filter((tally) => tally.phase === phase)]));
  const talliesAt = (at: Micros): readonly PhaseTally[] => {
    const phase = phases.find(({ from, until }) => at >= from && at < until);
    return (phase === undefined ? undefined : ofPhase.get(phase)) ?? [];
  };
  for (let row = 0; row < requests.count; row++) {
    if (requests.isFinal(row)) continue;
    const intended = requests.intended(row);
    // A request sent before it was intended gains nothing by it.
    const start = measure === "service" ? requests.sent(row) : Math.min(intended, requests.sent(row));
    for (const tally of talliesAt(intended)) {
      const { operation, entries } = tally.target;
      if (operation !== "any" && operation !== requests.kind(row)) continue;
      if (entries !== undefined && !entries.includes(nodes.name(requests.entry(row)))) continue;
      tally.answered(intended, requests.outcome(row), requests.done(row) - start);
    }
  }
  for (const { at, dropped } of load) {
    if (dropped > 0) for (const tally of talliesAt(at)) tally.dropped(at, dropped);
  }
  return tallies;
};
