/**
 * The life of a run, in seven steps:
 *
 *   start the nodes and warm them up · load, with the faults of the plan · heal · settle · dump every key of every node ·
 *   read every key through every node · stop everything
 *
 * The journal is written by one process at a time: by this one before and after the load, by the load process
 * meanwhile. Whatever happens, the journal is closed and the nodes are gone when `runTest` resolves.
 */
import type { Observed, RunStarted } from "../checkers/history/event.ts";
import { catalog } from "../workloads/catalog.ts";
import { runClock } from "./client/run-clock.ts";
import { howItEnded } from "./cluster/spawned-process.ts";
import type { EndListener } from "./cluster/unexpected-ends.ts";
import { judgedBucket as bucket } from "./judged-bucket.ts";
import { finalReads, surveyOf } from "./load/final-reads.ts";
import { watchMachine } from "./load/machine-watch.ts";
import { sightsOf } from "./nemesis/sights.ts";
import { runFaults } from "./run/fault-schedule.ts";
import { appending, eventsOf } from "./run/journal-file.ts";
import { LoadChild, type LoadEnd } from "./run/load-child.ts";
import { rehearse } from "./run/rehearsal.ts";
import type { Chronicle, RunContext, RunEnd, StagedRun } from "./run/run-context.ts";
import { dumpAll, lookOnce, settle } from "./run/settle.ts";

/** How long a healed cluster may take to come to rest before it is called late. */
const settleMs = 30_000;

/** Before the first arrival: time for the load process to start and to fill its schedule. */
const loadLeadNs = 1_500_000_000n;

const failed = (sentence: string): RunEnd => ({ type: "failed", sentence });

export async function runTest(staged: StagedRun): Promise<RunEnd> {
  const { cluster, progress, plan, interruption, stopwatch } = staged;
  try {
    progress.step(`Starting ${plan.nodes.length} nodes: ${describeBackends(staged)}.`);
    const started = await cluster.startAll();
    if (started.type === "failed") return failed(started.reason);
    stopwatch.lap("start");
    progress.step("Rehearsing, until no node is cold any more.");
    await rehearse(cluster.addresses, plan.options.rate, () => interruption.aborted);
    stopwatch.lap("rehearsal");
    const startedHr = process.hrtime.bigint() + loadLeadNs;
    const context: RunContext = { ...staged, startedHr, clock: runClock(startedHr) };
    const loaded = await load(context);
    stopwatch.lap("load");
    if (loaded.type === "failed") return failed(loaded.sentence);
    if (!interruption.aborted) await lookAfterwards(context);
    const end: RunEnd = { type: interruption.aborted ? "interrupted" : "completed" };
    const note = await closeJournal(context, end);
    return note === undefined ? end : failed(note);
  } finally {
    await cluster.stopAll();
  }
}

const describeBackends = ({ cluster }: StagedRun): string =>
  Object.entries(cluster.backends)
    .map(([what, way]) => `${what} by ${way}`)
    .join(", ");

/** The load and the faults side by side, until both have ended. */
async function load(context: RunContext): Promise<LoadEnd> {
  const { plan, cluster, folder, clock, startedHr, progress, interruption, priority } = context;
  const refused = await appending(folder.journal, clock, async (record) => record(beginning(context)));
  if (refused !== undefined) return { type: "failed", sentence: refused };
  const { workload, codec, seed, rate, arrivals, keys } = plan.options;
  let busiestKey: string | undefined;
  const child = new LoadChild(
    {
      workload,
      codec,
      seed,
      rate,
      arrivals,
      keys,
      bucket,
      durationUs: plan.durationUs,
      rampUs: plan.options.warmUpMs * 1000,
      pacer: "worker",
      nodes: cluster.addresses.map(({ node, httpUrl }) => ({ node, httpUrl })),
      journalPath: folder.journal,
      startedHr: startedHr.toString(),
    },
    priority,
    ({ second, lately, inFlight, warnings, p50Ms, p99Ms, busiestKey: busiest }) => {
      busiestKey = busiest ?? busiestKey;
      for (const warning of warnings) progress.step(`PHANTOM  ${warning}`);
      const phase = plan.phases.find(({ from, until }) => second * 1e6 > from && second * 1e6 <= until)?.name;
      const rates = `${lately.ok} ok, ${lately.fail} failed, ${lately.info} unknown`;
      progress.tick(
        `${phase ?? "draining"}: ${rates}/s, ${inFlight} in flight, p50 ${p50Ms} ms, p99 ${p99Ms} ms`,
      );
    },
  );
  progress.step(`Loading with ${rate} requests/s for ${Math.round(plan.durationUs / 1e6)} s, seed ${seed}.`);
  const stop = (): void => child.stop();
  interruption.addEventListener("abort", stop);
  const chronicle: Chronicle = { now: () => clock.now(), record: (event) => child.record(event) };
  cluster.tellUnexpectedEnds(recordEnds(context, chronicle.record));
  const cut = new AbortController();
  const unwatch = watchMachine(chronicle.now, (health) => child.record(health));
  const [end] = await Promise.all([
    child.ended.finally(() => {
      unwatch();
      cut.abort();
    }),
    runFaults(context, chronicle, {
      interruption: AbortSignal.any([interruption, cut.signal]),
      sights: sightsOf(bucket, () => busiestKey),
      clients: child,
    }),
  ]);
  interruption.removeEventListener("abort", stop);
  cluster.tellUnexpectedEnds(undefined);
  if (end.type === "failed") return end;
  const unkept = await appending(folder.journal, clock, async (record) =>
    child.unrecorded(end).forEach(record),
  );
  return unkept === undefined ? end : { type: "failed", sentence: unkept };
}

const beginning = ({ plan, startedHr, startedWallMs, noiseFloor }: RunContext): RunStarted => ({
  type: "run",
  schema: 1,
  name: plan.options.name,
  seed: plan.options.seed,
  startedWallMs,
  zeroMonotonicMs: Number(startedHr / 1000n) / 1000,
  workload: plan.options.workload,
  nodes: plan.nodes,
  promises: plan.promises,
  phases: plan.phases,
  objectives: plan.objectives,
  ...(plan.options.sla.length === 0 ? {} : { sla: plan.options.sla }),
  ...(noiseFloor === undefined ? {} : { noiseFloor }),
  expect: plan.options.expect,
});

/** Everything that is looked at once the load is over: calm, raw copies, and only then reads, which repair. */
async function lookAfterwards(context: RunContext): Promise<void> {
  const { cluster, clock, folder, progress, interruption, stopwatch } = context;
  const { keys, nextRequestId, nextProcess } = surveyOf(await eventsOf(folder.journal));
  await appending(folder.journal, clock, async (record) => {
    const chronicle: Chronicle = { now: () => clock.now(), record };
    progress.step("All faults are healed. Waiting until hints are delivered and all trees are equal.");
    const isCalm = await settle(cluster.addresses, chronicle, settleMs);
    stopwatch.lap("settle");
    if (interruption.aborted) return;
    progress.step(
      `${isCalm ? "The cluster is calm" : "The cluster is not calm"}. Dumping what every node holds.`,
    );
    for (const reason of await dumpAll(cluster.addresses, bucket, chronicle))
      progress.step(`A dump failed: ${reason}`);
    await lookOnce(cluster.addresses, chronicle);
    stopwatch.lap("dump");
    if (interruption.aborted) return;
    progress.step(`Reading ${keys.length} keys through each of ${cluster.addresses.length} nodes.`);
    const { failed: lost } = await finalReads({
      keys,
      nodes: cluster.addresses.map(({ node, httpUrl }) => ({ node, httpUrl })),
      bucket,
      clock,
      record,
      observe: observerOf(context),
      firstId: nextRequestId,
      firstProcess: nextProcess,
      signal: interruption,
    });
    stopwatch.lap("final reads");
    if (lost.length > 0) progress.step(`${lost.length} final reads failed, the first: ${lost[0]?.error}`);
  });
}

/** For a node that ends by itself: into the journal, and before people's eyes. */
const recordEnds =
  ({ clock, progress }: RunContext, record: Chronicle["record"]): EndListener =>
  (end) => {
    progress.step(
      `${end.node} ended ${howItEnded(end)}, and nobody had asked it to. ${end.lastLogLine}`.trim(),
    );
    record({ type: "node-ended", at: clock.now(), ...end });
  };

const observerOf = ({ plan }: RunContext): ((value: Uint8Array) => Observed) => {
  const { workload, seed, codec } = plan.options;
  const entry = catalog.get(workload);
  if (entry === undefined) throw new Error(`no workload is called ${workload}`);
  return entry.create({ seed, codec, keys: plan.options.keys }).observe;
};

/** The journal's last word; a sentence when the disk refuses it. */
const closeJournal = (context: RunContext, end: RunEnd): Promise<string | undefined> =>
  appending(context.folder.journal, context.clock, async (record) => {
    context.cluster.tellUnexpectedEnds(recordEnds(context, record));
    context.cluster.tellUnexpectedEnds(undefined);
    record({
      type: "end",
      at: context.clock.now(),
      reason: end.type,
      ...(end.type === "failed" ? { note: end.sentence } : {}),
    });
  });
