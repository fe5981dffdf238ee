/** The faults of a run, each with the interval in which it was seen to hold. */
import type { FaultEvent, Micros, NodeName } from "./event.ts";
import type { Harm } from "./harm.ts";

export type Fault = {
  readonly id: string;
  readonly kind: string;
  readonly harm?: Harm;
  readonly backend: string;
  /** All nodes that any event of it names, in order of mention. */
  readonly nodes: readonly NodeName[];
  /** The last stage reached. */
  readonly stage: FaultEvent["stage"];
  /** When its first event happened: the nemesis began here. */
  readonly beganAt: Micros;
  /** When it was first seen to hold; absent when it never was. */
  readonly activeFrom?: Micros;
  /** When it was undone; absent when the run ended first. */
  readonly healedAt?: Micros;
  /** What was seen when it became active or turned out ineffective. */
  readonly evidence: string;
};

/** What a fault counts as: its kind, and what it took from a disk where the kind does not say it. */
export const namesOf = ({ kind, harm }: Fault): readonly string[] =>
  harm === undefined ? [kind] : [kind, harm];

/** Folds one event into what is known of its fault. */
export const afterEvent = (fault: Fault | undefined, event: FaultEvent): Fault => {
  const { id, kind, harm, backend, stage } = event;
  const nodes = [...new Set([...(fault?.nodes ?? []), ...event.nodes])];
  const isProof = stage === "active" || stage === "ineffective" || stage === "skipped";
  return {
    ...fault,
    beganAt: fault?.beganAt ?? event.at,
    id,
    kind,
    ...(harm === undefined ? {} : { harm }),
    backend,
    stage,
    nodes,
    evidence: isProof ? event.evidence : (fault?.evidence ?? ""),
    ...(stage === "active" && fault?.activeFrom === undefined ? { activeFrom: event.at } : {}),
    ...(stage === "healed" ? { healedAt: event.at } : {}),
  };
};

/** Whether it held at any moment of `from` to `until`, both included. */
export const wasActive = (fault: Fault, from: Micros, until: Micros): boolean =>
  fault.activeFrom !== undefined && fault.activeFrom <= until && (fault.healedAt ?? Infinity) >= from;

/**
 * Whether it had begun by then, and was never seen to hold in its time: too late, or not wholly. Nobody vouches
 * for it, and it may have done what it does all the same. One that was skipped, or hit nobody, did nothing.
 */
export const wasUnproved = (fault: Fault, from: Micros, until: Micros): boolean =>
  fault.activeFrom === undefined &&
  fault.stage !== "skipped" &&
  fault.nodes.length > 0 &&
  fault.beganAt <= until &&
  (fault.healedAt ?? Infinity) >= from;
