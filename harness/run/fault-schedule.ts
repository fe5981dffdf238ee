/**
 * The faults of a plan at their fixed times. Each is held on its own, so that several may overlap; all are healed
 * when this resolves, on time or early when the run is interrupted.
 */
import { type Held, holdFault } from "../nemesis/hold-fault.ts";
import type { Sights } from "../nemesis/sights.ts";
import type { WorkloadClients } from "../nemesis/workload-clients.ts";
import type { PlannedFault } from "../schedule.ts";
import { type Chronicle, type RunContext, reach } from "./run-context.ts";

type Surroundings = {
  readonly interruption: AbortSignal;
  readonly sights: Sights;
  readonly clients: WorkloadClients;
};

/** Resolves with the sentences of faults that could not be healed; empty when the cluster is whole again. */
export async function runFaults(
  { plan, cluster, clock, progress }: RunContext,
  chronicle: Chronicle,
  { interruption, sights, clients }: Surroundings,
): Promise<readonly string[]> {
  const hold = async ({ fault, from, until }: PlannedFault): Promise<Held | undefined> => {
    await reach(from, clock, interruption);
    if (interruption.aborted) return undefined;
    return holdFault({
      cluster,
      fault,
      sights,
      clients,
      until: reach(until, clock, interruption),
      record: (seen) => {
        chronicle.record({ ...seen, at: chronicle.now() });
        if (seen.stage !== "healing") progress.step(`${seen.id} ${seen.stage}: ${seen.evidence}.`);
      },
    });
  };
  const held = await Promise.all(plan.faults.map(hold));
  return held.flatMap((one) => (one?.type === "unhealed" ? [one.reason] : []));
}
