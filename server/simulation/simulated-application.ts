/** An application in a simulated world, with a client of either kind and whatever it takes to be one. */
import { Client, type ClientParts } from "../client/client.ts";
import { ClientDriven } from "../client/client-driven.ts";
import type { Entry } from "../client/entry.ts";
import { RingWatch } from "../client/ring-watch.ts";
import { ServerDriven } from "../client/server-driven.ts";
import type { TraceEvent } from "../ports/trace.ts";
import { SimulatedClock } from "./simulated-clock.ts";
import type { SimulatedCluster } from "./simulated-cluster.ts";
import { SimulatedEntry } from "./simulated-entry.ts";
import { SimulatedNetwork } from "./simulated-network.ts";
import { SimulatedProcess } from "./simulated-process.ts";

export type SimulatedApplication = {
  readonly client: Client;
  /** Of a client that drives itself; one that does not never pulls. */
  readonly ringWatch: RingWatch;
  readonly events: readonly TraceEvent[];
};

export type ApplicationPlan = Partial<Pick<ClientParts, "patience">> & {
  readonly drives: "servers" | "client";
  readonly name?: string;
  /** Stands between the application and the entry, to lie or to count. */
  readonly through?: (entry: Entry) => Entry;
};

/** Resolves when the client knows the ring, if it wants to. */
export async function applicationIn(
  cluster: SimulatedCluster,
  { drives, name = "client:1", through = (entry) => entry, ...plan }: ApplicationPlan,
): Promise<SimulatedApplication> {
  const process = new SimulatedProcess(cluster.world, name);
  const clock = new SimulatedClock(process, { wallOffsetMs: 0, rate: 1 });
  const random = cluster.world.random(`application ${name}`);
  const entry = through(new SimulatedEntry(cluster, name));
  const events: TraceEvent[] = [];
  const ringWatch = new RingWatch({ clock, entry, random, self: name, seeds: cluster.nodeIds });
  const servers = new ServerDriven(
    entry,
    () => ringWatch.nodes,
    Math.floor(random.uniform() * cluster.nodeIds.length),
  );
  if (drives === "servers") {
    return { client: new Client({ clock, random, driver: servers, ...plan }), ringWatch, events };
  }
  const network = new SimulatedNetwork(cluster.links, name, process);
  const ringHash = () => ringWatch.known?.placements.ring.hash ?? "";
  await network.serve({ nodeId: name, incarnation: name, boot: 1 }, refuseAll, ringHash);
  await cluster.world.run(ringWatch.pull());
  ringWatch.start();
  const trace = { emit: (event: TraceEvent) => void events.push(event) };
  const driver = new ClientDriven({ clock, network, random, trace, ringWatch, fallback: servers });
  return { client: new Client({ clock, random, driver, ...plan }), ringWatch, events };
}

const refuseAll = async () => ({ type: "refused", reason: "wrong-owner" }) as const;
