/**
 * A front: the stateless tier before the store (the lecture's web servers; the load balancer of Dynamo §4.5, §6.4). It
 * takes the calls that nodes take on items and passes each on to a node, another one if the first is not there.
 *
 * It keeps nothing: any front is as good as another, and one that is killed takes nothing with it but the calls that
 * were under way. It costs a hop, which is what a client that links the library saves (Table 2).
 */
import { SystemClock } from "../adapters/system-clock.ts";
import { SystemRandom } from "../adapters/system-random.ts";
import { HttpEntry } from "../client/http-entry.ts";
import { ServerDriven } from "../client/server-driven.ts";
import { defaultLimits } from "../config.ts";
import type { VersionsMode } from "../core/versions.ts";
import { jsonAnswer } from "../http/answer.ts";
import { itemRoutes } from "../http/api.ts";
import { type Listener, listen } from "../http/listener.ts";
import { FrontStore } from "./front-store.ts";

export type Address = { readonly host: string; readonly httpPort: number };

export type FrontConfig = {
  /** Port 0 chooses a free one. */
  readonly listen: Address;
  /** The nodes' client ports, at least one. */
  readonly nodes: readonly Address[];
};

export type Front = {
  readonly httpPort: number;
  /** Answers what is under way and gives the port back. */
  readonly stop: () => Promise<void>;
};

export type FrontOutcome =
  | { readonly type: "serving"; readonly front: Front }
  /** `detail` is one sentence. */
  | { readonly type: "refused"; readonly detail: string };

const ringMs = 1000;
/** Of all nodes in turn, at the start: a cluster that starts at the same time takes a moment. */
const roundCount = 10;
const stopMs = 2000;

/** Resolves when the front serves. `onFault` is called with what ought never to be thrown. */
export async function openFront(
  { listen: at, nodes }: FrontConfig,
  onFault: (thrown: unknown) => void,
): Promise<FrontOutcome> {
  const clock = new SystemClock();
  const random = new SystemRandom();
  const entry = new HttpEntry();
  const known = nodes.map((node) => ({ ...node, nodeId: `${node.host}:${node.httpPort}` }));
  entry.know(known);
  const ids = known.map(({ nodeId }) => nodeId);
  const versions = await bucketVersions(entry, ids, clock);
  if (versions === undefined) {
    await entry.close();
    return { type: "refused", detail: `None of ${ids.join(", ")} answers as a node of a cluster.` };
  }
  const driver = new ServerDriven(entry, () => ids, Math.floor(random.uniform() * ids.length));
  const store = new FrontStore({ clock, random, driver, versions });
  const health = { method: "GET", path: "/v1/health", name: "health" } as const;
  const outcome = await listen({
    host: at.host,
    port: at.httpPort,
    routes: [
      { ...health, answer: async () => jsonAnswer(200, { phase: "serving", nodes: ids }) },
      ...itemRoutes(store, defaultLimits.valueBytesMax),
    ],
    clock,
    onFault,
  });
  if (outcome.type === "refused") {
    await entry.close();
    return outcome;
  }
  const { listener } = outcome;
  return {
    type: "serving",
    front: { httpPort: listener.port, stop: () => stopped(listener, store, entry, clock) },
  };
}

async function stopped(
  listener: Listener,
  store: FrontStore,
  entry: HttpEntry,
  clock: SystemClock,
): Promise<void> {
  listener.drain();
  await Promise.race([store.idle(), clock.sleep(stopMs)]);
  listener.close();
  await entry.close();
}

/** How each bucket tells versions apart, asked of whichever node answers; undefined when none does. */
async function bucketVersions(
  entry: HttpEntry,
  ids: readonly string[],
  clock: SystemClock,
): Promise<((bucket: string) => VersionsMode) | undefined> {
  for (let round = 0; round < roundCount; round += 1) {
    for (const id of ids) {
      const ring = await entry.ring(id, ringMs);
      if (ring === undefined) continue;
      const modes = new Map(ring.buckets.map(({ name, versions }) => [name, versions]));
      return (bucket) => modes.get(bucket) ?? modes.get("default") ?? "dvv";
    }
    await clock.sleep(200);
  }
  return undefined;
}
