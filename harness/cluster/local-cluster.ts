/**
 * Puts a cluster on this machine together from what a plan asks for: places, links, clocks, and the processes. The
 * one place that knows all backends.
 */
import { join } from "node:path";
import type { NodeName } from "../../checkers/history/event.ts";
import { bundlePath } from "../bundle/project-root.ts";
import type { Enclosure } from "../namespace/enclosure.ts";
import { type ClockChoice, chooseClocks } from "./clock-choice.ts";
import type { CpuGroups } from "./cpu-groups.ts";
import { DirectLinks } from "./direct-links.ts";
import { chooseDisks, type DiskChoice } from "./disk-choice.ts";
import { LinkProxies } from "./link-proxies.ts";
import type { Links } from "./links.ts";
import { LocalProcesses } from "./local-processes.ts";
import type { ServerSettings } from "./node-config.ts";
import type { ProcessWatch } from "./node-process.ts";
import { loopbackPlaces, nodeCountMax, type Place, privatePlaces } from "./place.ts";
import { PrivateNetwork } from "./private-network.ts";

/** `enclosure`: the private namespace this process is in. `direct`: no link can be cut. */
export type NetworkChoice =
  | { readonly type: "kernel"; readonly enclosure: Enclosure }
  | { readonly type: "proxy" }
  | { readonly type: "direct" };

export type LocalClusterOptions = {
  /** The run's directory, which exists; `nodes/` and `data/` are made in it. */
  readonly directory: string;
  /** 1 to 250, distinct. */
  readonly nodes: readonly NodeName[];
  /** More nodes, for which everything is prepared and which start when they join; default: none. */
  readonly spares?: readonly NodeName[];
  readonly settings: ServerSettings;
  readonly network: NetworkChoice;
  readonly clock: ClockChoice;
  /** Whether disks must be able to fail and to lose what was not synced (default: no, which costs nothing). */
  readonly needsDiskFaults?: boolean;
  /** Whether and where processors can be shared out (default: they cannot). */
  readonly cpuGroups?: CpuGroups;
  /** How they lose it, where they must (default auto). */
  readonly disk?: DiskChoice;
  /** Default `.build/server.js`; a mutant's bundle otherwise. */
  readonly serverBundle?: string;
  /** First of four ports a node, outside the namespace; default: whichever are free. */
  readonly firstPort?: number;
  /** Told of every process, so that a guardian can end what a dead harness left. Default: nobody. */
  readonly watch?: ProcessWatch;
  readonly serveWithinMs?: number;
};

export type LocalCluster =
  | { readonly type: "created"; readonly cluster: LocalProcesses }
  | { readonly type: "refused"; readonly reason: string };

const nobody: ProcessWatch = { started: () => {}, ended: () => {} };

/** Starts nothing yet; files and directories are made. Refused: no free ports, or a clock backend that is missing. */
export async function createLocalCluster(options: LocalClusterOptions): Promise<LocalCluster> {
  const { network, spares = [] } = options;
  const nodes = [...options.nodes, ...spares];
  if (nodes.length < 1 || nodes.length > nodeCountMax)
    return { type: "refused", reason: `A cluster has 1 to ${nodeCountMax} nodes, not ${nodes.length}.` };
  const clocks = chooseClocks(options.clock);
  if (clocks.type === "unavailable") return { type: "refused", reason: clocks.reason };
  const found =
    network.type === "kernel"
      ? { type: "found" as const, places: privatePlaces(nodes) }
      : await loopbackPlaces(nodes, options.firstPort);
  if (found.type === "refused") return found;
  const cluster = new LocalProcesses({
    directory: options.directory,
    places: found.places,
    spares: new Set(spares),
    links: linksOf(network, found.places),
    clocks: clocks.clocks,
    disks: options.needsDiskFaults
      ? await chooseDisks(options.disk ?? "auto", { directory: join(options.directory, "data"), nodes })
      : { type: "unneeded" },
    serverBundle: options.serverBundle ?? bundlePath("server"),
    settings: options.settings,
    ...(options.cpuGroups === undefined ? {} : { cpuGroups: options.cpuGroups }),
    watch: options.watch ?? nobody,
    ...(options.serveWithinMs === undefined ? {} : { serveWithinMs: options.serveWithinMs }),
  });
  return { type: "created", cluster };
}

function linksOf(network: NetworkChoice, places: readonly Place[]): Links {
  switch (network.type) {
    case "kernel":
      return new PrivateNetwork(places, network.enclosure.cuts);
    case "proxy":
      return new LinkProxies(places);
    case "direct":
      return new DirectLinks(places);
  }
}
