/**
 * One plan carried out: folder, guardian and cluster are made, the run lives its life, its journal is judged, and
 * verdict and report are kept beside it. Nothing that was started outlives this.
 */

import type { NoiseFloor } from "../../checkers/history/event.ts";
import { removeData } from "../../results/pruning.ts";
import type { RunEnvironment, RunRecord } from "../../results/run-record.ts";
import type { RunFolder, RunStore } from "../../results/store.ts";
import type { Cluster } from "../cluster/cluster.ts";
import type { CpuGroups } from "../cluster/cpu-groups.ts";
import { createLocalCluster, type NetworkChoice } from "../cluster/local-cluster.ts";
import { calibrate } from "../generator/calibration.ts";
import { type Guardian, startGuardian } from "../guardian/guardian.ts";
import { loadPriority } from "../load/priority.ts";
import type { FaultPlan } from "../nemesis/nemesis.ts";
import { nemesisOf } from "../nemesis/nemesis-of.ts";
import { type Refusal, refuse } from "../outcome.ts";
import { runTest } from "../run-test.ts";
import type { Plan } from "../test-plan.ts";
import { buildOfRun } from "./build.ts";
import { environmentOf } from "./environment.ts";
import { judgeRun, keepJudged } from "./judge-run.ts";
import type { Progress } from "./progress.ts";
import { Stopwatch } from "./stopwatch.ts";

export type Undertaking = {
  readonly plan: Plan;
  readonly network: NetworkChoice;
  readonly store: RunStore;
  readonly interruption: AbortSignal;
  readonly progress: Progress;
  readonly serverBundle?: string | undefined;
  /** Of the machine, for processes that are given a share of the processor. */
  readonly cpuGroups?: CpuGroups | undefined;
};

/** A run that was judged, with its record and where it is kept. */
export type Finished = { readonly type: "finished"; readonly record: RunRecord; readonly folder: RunFolder };

export async function carryOut(undertaking: Undertaking): Promise<Finished | Refusal> {
  const { plan, store } = undertaking;
  const startedWallMs = Date.now();
  const begun = await store.begin({ name: plan.options.name, startedWallMs, plan });
  if (begun.type === "failed") return refuse("internal", begun.reason);
  const guarded = guardianFor(undertaking.network);
  if (guarded.type === "refused") return refuse("internal", guarded.reason);
  if (undertaking.cpuGroups !== undefined) guarded.guardian?.watchGroups(undertaking.cpuGroups.prefix);
  try {
    return await inFolder(undertaking, { folder: begun.value, startedWallMs, guardian: guarded.guardian });
  } finally {
    await guarded.guardian?.bye();
  }
}

/** Where process numbers are private, the kernel ends what a dead harness leaves; elsewhere a guardian does. */
function guardianFor(
  network: NetworkChoice,
): ReturnType<typeof startGuardian> | { type: "unneeded"; guardian?: undefined } {
  return network.type === "kernel" && network.enclosure.isPidPrivate ? { type: "unneeded" } : startGuardian();
}

type Place = {
  readonly folder: RunFolder;
  readonly startedWallMs: number;
  readonly guardian: Guardian | undefined;
};

async function inFolder(
  { plan, network, store, interruption, progress, serverBundle, cpuGroups }: Undertaking,
  place: Place,
): Promise<Finished | Refusal> {
  const { folder, startedWallMs } = place;
  const build = await buildOfRun(serverBundle);
  const created = await clusterOf({ plan, network, serverBundle, cpuGroups }, place);
  if (created.type === "refused") return refuse("unavailable", created.reason);
  const { cluster } = created;
  const missing = plan.options.skipUnsupported ? undefined : missingAbility(plan, cluster);
  if (missing !== undefined) return refuse("unavailable", missing);

  const stopwatch = new Stopwatch();
  const priority = await loadPriority();
  const floor = await noiseFloorOf(plan, progress, interruption);
  stopwatch.lap("calibration");
  const staged = {
    plan,
    cluster,
    folder,
    startedWallMs,
    progress,
    interruption,
    stopwatch,
    priority,
    ...(floor === undefined ? {} : { noiseFloor: floor }),
  };
  const end = await runTest(staged);
  if (end.type === "failed")
    return refuse("internal", `${end.sentence} What was recorded is kept in ${folder.path}.`);
  if (end.type === "interrupted") {
    return refuse(
      "interrupted",
      `Interrupted. Everything was stopped; what was recorded is kept in ${folder.path}.`,
    );
  }
  progress.step("Judging what was recorded.");
  return await judgedRun(
    store,
    folder,
    environmentOf({ plan, backends: cluster.backends, timingsMs: stopwatch.lapsMs, priority, build }),
  );
}

async function judgedRun(
  store: RunStore,
  folder: RunFolder,
  environment: RunEnvironment,
): Promise<Finished | Refusal> {
  const judged = await judgeRun(folder, environment);
  if (judged.type === "refused") return judged;
  const unkept = await keepJudged(store, folder, judged);
  if (unkept !== undefined) return refuse("internal", unkept);
  // What the nodes stored is most of a run's bytes, and of interest only where something went wrong.
  if (judged.record.verdict === "passed") await removeData(folder);
  return { type: "finished", record: judged.record, folder };
}

/** The nodes of the plan, not started yet. */
function clusterOf(
  {
    plan,
    network,
    serverBundle,
    cpuGroups,
  }: Pick<Undertaking, "plan" | "network" | "serverBundle" | "cpuGroups">,
  { folder, startedWallMs, guardian }: Place,
): ReturnType<typeof createLocalCluster> {
  const { options, promises } = plan;
  const { n, r, w, pr, pw, sloppy } = promises;
  return createLocalCluster({
    directory: folder.path,
    nodes: plan.nodes,
    spares: plan.spares,
    network,
    clock: options.clock,
    disk: options.disk,
    needsDiskFaults: plan.faults.some(({ fault }) => isOfDisks(fault)),
    settings: {
      clusterId: `tipcart-${startedWallMs}`,
      isDurable: options.storage !== "memory",
      storage: options.storage,
      limits: { hintBytesMax: options.hintBytes },
      hasEventLog: options.hasEventLogs,
      buckets: { default: { n, r, w, pr, pw, sloppy, versions: options.versions } },
    },
    ...(serverBundle === undefined ? {} : { serverBundle }),
    ...(cpuGroups === undefined ? {} : { cpuGroups }),
    ...(guardian === undefined ? {} : { watch: guardian.watch }),
  });
}

/** What the generator measures of a server that does nothing, over the transport of a run; a failure is only said. */
async function noiseFloorOf(
  { options }: Plan,
  progress: Progress,
  interruption: AbortSignal,
): Promise<NoiseFloor | undefined> {
  if (!options.isCalibrated || interruption.aborted) return undefined;
  progress.step("Calibrating: two seconds of the same load against a server that does nothing.");
  const calibrated = await calibrate(
    { rate: options.rate, pacer: "worker", transport: "http" },
    interruption,
  );
  if (calibrated.type === "calibrated") return calibrated.floor;
  progress.step(calibrated.sentence);
  return undefined;
}

/** Damage is done to the files of a dead process, for which nothing has to stand between it and them. */
const isOfDisks = (fault: FaultPlan): boolean =>
  fault.kind === "power-cut" || (fault.kind === "disk" && "trouble" in fault);

/** Why the plan cannot be carried out by this cluster, with what would make it possible. */
function missingAbility(plan: Plan, cluster: Cluster): string | undefined {
  for (const { fault } of plan.faults) {
    const lacking = nemesisOf(fault).needs.filter((ability) => !cluster.abilities.has(ability));
    if (lacking.length > 0) {
      const disks = isOfDisks(fault) ? ` (disks: ${cluster.backends["disk"]})` : "";
      return `The fault "${fault.id}" needs ${lacking.join(", ")}, which this cluster cannot do${disks}; --skip-unsupported leaves it out.`;
    }
  }
  return undefined;
}
