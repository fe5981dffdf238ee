/**
 * A random run: some clients read, write, delete and retry while the world breaks and mends; then everything is
 * healed, the cluster settles, and what is on the disks is held against the explicit causal history.
 *
 * Everything, from the number of nodes to the last jitter, follows from the seed.
 */
import type { ClientWrite } from "../outcomes.ts";
import type { NodeId } from "../ports/network.ts";
import { CausalHistory } from "./causal-history.ts";
import { RandomChanges } from "./random-changes.ts";
import { RandomFaults } from "./random-faults.ts";
import { SimulatedClient } from "./simulated-client.ts";
import { SimulatedCluster } from "./simulated-cluster.ts";
import type { RandomStream } from "./world.ts";

export type RunReport = {
  /** One sentence each; none in a good run. */
  readonly faults: readonly string[];
  readonly acknowledgedCount: number;
  readonly cluster: SimulatedCluster;
};

/** A wish is one read or write of one client. */
export type RunShape = {
  readonly wishCount: number;
  readonly clientCount: number;
  /** Nodes at the beginning; left out: three to five. */
  readonly nodeCount?: number;
  /** How much longer clients rest between wishes than they usually do. */
  readonly restFactor: number;
  /** Share of the runs in which nodes ping and gossip more often than they do by default. */
  readonly briskShare: number;
};

/** Many requests in a few seconds. */
export const usualShape: RunShape = { wishCount: 40, clientCount: 4, restFactor: 1, briskShare: 1 };
/** 200 requests of five nodes in about a minute; brisk nodes would spend most of it on pings. */
export const longShape: RunShape = {
  wishCount: 39,
  clientCount: 4,
  nodeCount: 5,
  restFactor: 13,
  briskShare: 0.25,
};

/** What a client has seen of one key since its last read or write of it. */
type Seen = { readonly context?: string; readonly writeIds: readonly string[] };

/** What a run is left alone for in the end: time for deleted keys to be reaped. */
const quietMs = 15_000;
/** Longer than a client retries a write. */
const reapGraceMs = 10_000;

const brisk = { pingMs: 300, pingTimeoutMs: 100, gossipMs: 500 };
const spareIds = ["n6", "n7"];
const bucket = "default";
const keys = ["__proto__", "cart/1", "cart/2"];
const nothingSeen: Seen = { writeIds: [] };

export async function randomRun(seed: number, shape: RunShape = usualShape): Promise<RunReport> {
  const { cluster, w } = await startCluster(seed, shape);
  const { world } = cluster;
  const histories = new Map(keys.map((key) => [key, new CausalHistory()]));
  const faults = new RandomFaults(cluster, { mayLoseDisk: w > 1 });
  const changes = new RandomChanges(cluster, spareIds);
  const clients = Array.from({ length: shape.clientCount }, (_, index) =>
    new RandomClient(cluster, histories, `c${index}`).run(shape),
  );
  const over = new Set([Promise.all(clients)]);
  for (const all of over) all.then(() => over.clear()).catch((cause: unknown) => world.fail(cause));
  const pace = world.random("pace");
  while (over.size > 0) {
    await world.runFor(pace.integer(50, pace.happens(0.3) ? 3000 : 400));
    if (pace.happens(0.5)) faults.strike();
    else faults.relent();
    if (pace.happens(0.15)) changes.change();
  }
  await faults.end();
  await settle(cluster);
  await world.runFor(quietMs);
  await settle(cluster);
  return { faults: await faultsOf(cluster, histories), acknowledgedCount: sumOf(histories, "ok"), cluster };
}

/** On links that lose nothing: a message lost then leaves somebody in doubt, and seven nodes may never be sure at once. */
async function settle(cluster: SimulatedCluster): Promise<void> {
  const { links } = cluster;
  const { conditions } = links;
  links.conditions = { ...conditions, lossShare: 0 };
  await cluster.settle();
  links.conditions = conditions;
}

async function startCluster(
  seed: number,
  shape: RunShape,
): Promise<{ cluster: SimulatedCluster; w: number }> {
  const { world } = new SimulatedCluster({ seed, nodeIds: [] });
  const draw = world.random("shape");
  // A few hints fill the store of a node. From a stream of its own: the other chances of a seed are as they were.
  const isCramped = world.random("hint room").happens(0.15);
  const nodeIds = ["n1", "n2", "n3", "n4", "n5"].slice(0, shape.nodeCount ?? draw.integer(3, 5));
  const isLossy = draw.happens(0.5);
  const w = draw.integer(1, 2);
  const cluster = await SimulatedCluster.started({
    seed,
    nodeIds,
    spareIds,
    buckets: { default: { w } },
    links: {
      delayMs: { from: 0.2, to: draw.happens(0.3) ? 10 : 2 },
      slowShare: 0.01,
      lossShare: isLossy ? 0.05 : 0,
      duplicateShare: isLossy ? 0.05 : 0,
    },
    limits: {
      ...(draw.happens(0.5) && { cacheBytesMax: 0 }),
      ...(isCramped && { hintBytesMax: 1000 }),
    },
    intervals: {
      requestMs: 400,
      hintScanMs: 300,
      reapMs: draw.happens(0.7) ? 1000 : 1_000_000,
      reapGraceMs,
      antiEntropyMs: draw.happens(0.5) ? 1000 : 100_000,
      ...(draw.happens(shape.briskShare) ? brisk : {}),
    },
  });
  return { cluster, w };
}

class RandomClient {
  readonly #cluster: SimulatedCluster;
  readonly #histories: ReadonlyMap<string, CausalHistory>;
  readonly #name: string;
  readonly #stream: RandomStream;
  readonly #client: SimulatedClient;
  readonly #seen = new Map<string, Seen>();

  constructor(cluster: SimulatedCluster, histories: ReadonlyMap<string, CausalHistory>, name: string) {
    this.#cluster = cluster;
    this.#histories = histories;
    this.#name = name;
    this.#stream = cluster.world.random(`client ${name}`);
    this.#client = new SimulatedClient(cluster);
  }

  async run({ wishCount, restFactor }: RunShape): Promise<void> {
    for (let index = 0; index < wishCount; index += 1) {
      const key = keys[this.#stream.integer(0, keys.length - 1)] ?? "";
      if (this.#stream.happens(0.6)) await this.#read(key);
      if (this.#stream.happens(0.7)) await this.#write(key, `${this.#name}.${index}`);
      await this.#rest(restFactor * this.#stream.integer(1, this.#stream.happens(0.2) ? 800 : 60));
    }
  }

  async #read(key: string): Promise<void> {
    const outcome = await this.#client.get(this.#anyEntry(), { bucket, key });
    if (outcome.type !== "ok") return;
    const writeIds = [...outcome.siblings.map(({ writeId }) => writeId), ...outcome.tombstones];
    this.#seen.set(key, { context: outcome.context, writeIds });
  }

  /** With what was seen last, or blindly; repeated elsewhere, under the same name, while nobody knows how it ended. */
  async #write(key: string, writeId: string): Promise<void> {
    const seen = this.#stream.happens(0.15) ? nothingSeen : (this.#seen.get(key) ?? nothingSeen);
    const write = this.#histories.get(key)?.begin(writeId, seen.writeIds);
    if (write === undefined) return;
    const isDelete = seen.context !== undefined && this.#stream.happens(0.2);
    const request: ClientWrite = {
      bucket,
      key,
      value: isDelete ? null : new TextEncoder().encode(writeId),
      writeId,
      ...(seen.context === undefined ? {} : { context: seen.context }),
      ...(this.#stream.happens(0.2) ? { timeoutMs: this.#stream.integer(1, 60) } : {}),
    };
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const outcome = await this.#client.write(this.#anyEntry(), request);
      // Of several attempts a success decides; failing that, one of which nobody knows leaves all unknown.
      if (outcome.type !== "fail" || write.outcome === "open") write.outcome = outcome.type;
      if (outcome.type === "ok") {
        this.#seen.set(key, { context: outcome.context, writeIds: [...seen.writeIds, writeId] });
        return;
      }
      if (this.#stream.happens(0.5)) return;
    }
  }

  #rest(durationMs: number): Promise<void> {
    return new Promise((resolve) => {
      this.#cluster.world.after(durationMs, resolve);
    });
  }

  #anyEntry(): NodeId {
    const up = this.#cluster.machineNames().filter((name) => this.#cluster.isUp(name));
    const candidates = up.length > 0 ? up : this.#cluster.nodeIds;
    return candidates[this.#stream.integer(0, candidates.length - 1)] ?? "";
  }
}

/** Whether the replicas agree, and whether what they agree on is what the history allows. */
async function faultsOf(
  cluster: SimulatedCluster,
  histories: ReadonlyMap<string, CausalHistory>,
): Promise<readonly string[]> {
  const faults: string[] = [];
  for (const [key, history] of histories) {
    const { homes } = cluster.node(anyMember(cluster)).preference(bucket, key);
    const copies = await cluster.world.run(
      Promise.all(homes.map((home) => cluster.node(home).rawKey(bucket, key))),
    );
    const hashes = copies.map(({ main }) => (main.type === "found" ? main.hash : main.type));
    if (new Set(hashes).size > 1) faults.push(`${key}: the replicas differ: ${hashes.join(", ")}`);
    const survivors = copies.flatMap(({ main }) =>
      main.type === "found" ? main.state.siblings.map(({ writeId }) => writeId) : [],
    );
    const reaped = cluster.events.flatMap(({ event }) =>
      event.type === "tombstone-reaped" && event.key === key ? event.writeIds : [],
    );
    faults.push(...history.faultsOf([...new Set(survivors)], reaped).map((fault) => `${key}: ${fault}`));
  }
  return [...faults, ...dotsGivenTwice(cluster)];
}

/** A dot names one write for ever; two writes under one dot lose each other sooner or later. */
function dotsGivenTwice(cluster: SimulatedCluster): readonly string[] {
  const owners = new Map<string, string>();
  const faults: string[] = [];
  for (const { event } of cluster.events) {
    if (event.type !== "write-minted" || event.isRetry) continue;
    const dot = `${event.key} ${event.dot.actor}:${event.dot.counter}`;
    const owner = owners.get(dot);
    if (owner !== undefined && owner !== event.writeId)
      faults.push(`${dot} was given to ${owner} and ${event.writeId}`);
    owners.set(dot, event.writeId);
  }
  return faults;
}

function anyMember(cluster: SimulatedCluster): NodeId {
  const names = cluster.machineNames().filter((name) => cluster.isUp(name));
  const isPlaced = (name: NodeId) =>
    cluster
      .node(name)
      .ring()
      .members.some(({ nodeId }) => nodeId === name);
  return names.find(isPlaced) ?? "";
}

function sumOf(histories: ReadonlyMap<string, CausalHistory>, outcome: "ok"): number {
  return [...histories.values()].reduce((sum, history) => sum + history.count(outcome), 0);
}
