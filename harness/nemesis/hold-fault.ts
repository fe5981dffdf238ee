/**
 * A fault's whole life: injected, proved, held to its fixed end, healed, proved to be gone; each stage recorded as it
 * is reached. Whatever happens on the way, the fault is healed, and a fault that did not take effect says so.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { FaultEvent } from "../../checkers/history/event.ts";
import type { Cluster, Done } from "../cluster/cluster.ts";
import { describeFault } from "./fault-description.ts";
import { harmOf } from "./harm.ts";
import type { FaultPlan, Nemesis } from "./nemesis.ts";
import { nemesisOf } from "./nemesis-of.ts";
import type { Sights } from "./sights.ts";
import type { WorkloadClients } from "./workload-clients.ts";

export type Hold = {
  readonly cluster: Cluster;
  readonly fault: FaultPlan;
  /** Default: the one that the fault's kind names. */
  readonly nemesis?: Nemesis;
  /** For a fault that is aimed at a role; by default nobody knows which key is busiest. */
  readonly sights?: Sights;
  /** For a fault that they carry out; by default there are none. */
  readonly clients?: WorkloadClients;
  /** Resolves at the fault's fixed end, or sooner when the run is interrupted; must not reject. */
  readonly until: Promise<unknown>;
  /** Hears each stage in the moment it is reached, and stamps the time. */
  readonly record: (seen: Omit<FaultEvent, "at">) => void;
};

export type Held =
  /** The cluster is whole again. */
  | { readonly type: "healed"; readonly wasEffective: boolean }
  /** It could not be shown to be whole; what follows in this run proves nothing. */
  | { readonly type: "unhealed"; readonly reason: string };

const healAttempts = 3;
const betweenAttemptsMs = 200;

/** Never rejects. Resolves after `until`, as soon as the fault is shown to be healed or was given up. */
export async function holdFault(hold: Hold): Promise<Held> {
  const { cluster, fault, until } = hold;
  const nemesis = hold.nemesis ?? nemesisOf(fault, hold.sights, hold.clients);
  const say = (stage: FaultEvent["stage"], evidence: string): void => {
    const { id, kind } = fault;
    const nodes = nemesis.hit?.() ?? fault.nodes;
    const harm = harmOf(fault);
    const told = harm === undefined ? {} : { harm };
    hold.record({
      type: "fault",
      id,
      kind,
      ...told,
      stage,
      nodes,
      backend: nemesis.backend(cluster),
      evidence,
    });
  };
  const lacking = nemesis.needs.filter((ability) => !cluster.abilities.has(ability));
  if (lacking.length > 0) {
    say("skipped", `this cluster cannot do: ${lacking.join(", ")}`);
    return { type: "healed", wasEffective: false };
  }

  const over = new AbortController();
  void until.then(() => over.abort());
  say("injecting", describeFault(fault));
  const injected = await attempt(() => nemesis.inject(cluster, over.signal));
  const isLate = injected.type === "done" && over.signal.aborted && nemesis.isForGood !== true;
  const isEffective = injected.type === "done" && !isLate;
  if (injected.type === "failed") say("ineffective", injected.reason);
  else if (isLate) say("ineffective", `It took effect only after its end: ${injected.evidence}.`);
  else say("active", injected.evidence);
  await until;

  say("healing", isEffective ? "its time is over" : "whatever is left of it");
  const healed = await healInTime(() => nemesis.heal(cluster));
  if (healed.type === "failed") {
    say("healing", `It is not healed: ${healed.reason}`);
    return { type: "unhealed", reason: healed.reason };
  }
  say("healed", healed.evidence);
  return { type: "healed", wasEffective: isEffective };
}

async function healInTime(heal: () => Promise<Done>): Promise<Done> {
  for (let left = healAttempts; ; left -= 1) {
    const outcome = await attempt(heal);
    if (outcome.type === "done" || left === 1) return outcome;
    await delay(betweenAttemptsMs);
  }
}

async function attempt(act: () => Promise<Done>): Promise<Done> {
  try {
    return await act();
  } catch (problem) {
    return { type: "failed", reason: problem instanceof Error ? problem.message : String(problem) };
  }
}
