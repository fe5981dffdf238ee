/**
 * `tipcart run`: from flags to a verdict. Outside it makes the plan and looks for a private network; inside one, or
 * where there is none, it carries the plan out, judges what was recorded and says where to look at it.
 */
import { defaultRunsDirectory, openRunStore } from "../../results/store.ts";
import { type CpuGroups, findCpuGroups } from "../cluster/cpu-groups.ts";
import { kernelTroubles } from "../cluster/link-shape.ts";
import type { NetworkChoice } from "../cluster/local-cluster.ts";
import { cpuGroupsInside, enterPrivateNetwork } from "../namespace/reexecute.ts";
import { type Refusal, refuse } from "../outcome.ts";
import { carryOut } from "../run/carry-out.ts";
import { terminalProgress } from "../run/progress.ts";
import { type NetworkChoice as NetworkWish, type Plan } from "../test-plan.ts";
import { announce } from "./announce.ts";
import { untilInterrupted } from "./interruption.ts";
import { plannedFrom } from "./planned.ts";
import type { RunFlags } from "./run-options.ts";

/** Ends with the exit code of the run, and has said all there is to say. */
export async function runCommand(workload: string | undefined, flags: RunFlags): Promise<number> {
  const isJson = flags.json === true;
  const plan = plannedFrom(workload, flags);
  if ("type" in plan) return announce(plan, { isJson });
  const network = await chooseNetwork(plan, plan.options.network);
  if (network.type === "ended") return network.exitCode;
  if (network.type === "refused") return announce(network, { isJson });

  const interruption = untilInterrupted();
  const progress = terminalProgress(process.stderr);
  if (network.notice !== undefined) progress.step(network.notice);
  const ended = await carryOut({
    plan,
    network: network.choice,
    store: openRunStore(flags.runs ?? defaultRunsDirectory(process.cwd())),
    interruption: interruption.signal,
    progress,
    cpuGroups: cpuGroupsFor(plan, network.choice),
    ...(flags.server === undefined ? {} : { serverBundle: flags.server }),
  });
  progress.done();
  interruption.release();
  return announce(ended, { isJson });
}

const needsCpuGroups = ({ faults }: Plan): boolean => faults.some(({ fault }) => fault.kind === "starve");

/** Only where a guardian removes them when this process dies: outside, or told from there. */
function cpuGroupsFor(plan: Plan, network: NetworkChoice): CpuGroups | undefined {
  if (!needsCpuGroups(plan)) return undefined;
  if (network.type === "kernel" && network.enclosure.isPidPrivate) return cpuGroupsInside();
  const found = findCpuGroups();
  return found.type === "found" ? found.groups : undefined;
}

type Chosen =
  | { readonly type: "chosen"; readonly choice: NetworkChoice; readonly notice?: string }
  /** The run has happened inside a private network; this process only ends as it ended. */
  | { readonly type: "ended"; readonly exitCode: number }
  | Refusal;

/** The most faithful way to cut links that this machine and user allow. */
async function chooseNetwork(plan: Plan, wish: NetworkWish): Promise<Chosen> {
  const links = plan.faults.flatMap(({ fault }) => (fault.kind === "link" ? [fault.shape.trouble] : []));
  const needsProxies = links.some((trouble) => !kernelTroubles.has(trouble));
  const needsCuts = links.length > 0 || plan.faults.some(({ fault }) => fault.kind === "partition");
  const without: NetworkChoice = { type: needsCuts ? "proxy" : "direct" };
  // The kernel can only drop and reset; where links are to be slow, proxies stand on them from the start.
  if (wish === "proxy" || (wish === "auto" && needsProxies)) return { type: "chosen", choice: without };
  const entered = await enterPrivateNetwork(
    wish === "auto" && links.length > 0 ? "nft" : undefined,
    needsCpuGroups(plan),
  );
  switch (entered.type) {
    case "inside":
      return { type: "chosen", choice: { type: "kernel", enclosure: entered.enclosure } };
    case "ended":
      return entered;
    case "unavailable":
      if (wish === "kernel")
        return refuse("unavailable", `--net kernel: ${entered.reason} --net proxy needs nothing.`);
      return { type: "chosen", choice: without, notice: `Links are cut by proxies: ${entered.reason}` };
  }
}
