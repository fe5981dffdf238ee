import { expect, test } from "vitest";
import { QueueLength } from "../core/queue-length.ts";
import type { Network, PeerHandler } from "../ports/network.ts";
import { SimulatedClock } from "../simulation/simulated-clock.ts";
import { SimulatedProcess } from "../simulation/simulated-process.ts";
import { World } from "../simulation/world.ts";
import { measuredNetwork, measuredStorage, type Stage } from "./measured-ports.ts";
import { MemoryStorage } from "./memory-storage.ts";

const self = { nodeId: "a", incarnation: "i", boot: 1 };
const ping = { type: "ping", ringHash: "r" } as const;

test("asking a peer and answering one are stages of their own, each as long as it took", async () => {
  const { world, clock, seen, observe, queues } = stopwatch();
  let handler: PeerHandler | undefined;
  const silentFor20Ms: Network = {
    request: async () => {
      await clock.sleep(20);
      return { type: "unreachable", reason: "timeout" };
    },
    serve: async (_self, given) => {
      handler = given;
    },
    close: async () => undefined,
  };
  const network = measuredNetwork(silentFor20Ms, clock, observe, queues);
  await network.serve(self, async () => {
    await clock.sleep(5);
    return { type: "pong" };
  });

  await world.run(network.request("b", ping, 20));
  await world.run(handler?.(self, ping, 100, "") ?? Promise.reject(new Error("not serving")));

  expect(seen).toEqual([
    [{ op: "ping", stage: "network", role: "coordinator", ending: "timeout" }, 20],
    [{ op: "ping", stage: "answer", role: "replica", ending: "pong" }, 5],
  ]);
});

test("a disk is told by what was asked of it, and answers as it did", async () => {
  const { clock, seen, observe, queues } = stopwatch();
  const storage = measuredStorage(new MemoryStorage(), clock, observe, queues);

  await storage.write([{ type: "put", space: "values", key: "k", bytes: Uint8Array.of(1) }], "synced");
  const read = await storage.read("values", "k");

  expect(read).toMatchObject({ type: "found" });
  expect(seen.map(([{ op, ending }]) => [op, ending])).toEqual([
    ["write-synced", "written"],
    ["read", "found"],
  ]);
});

test("what is under way is counted at each stage, and the most of it is told until somebody looks", async () => {
  const { world, clock, observe, queues } = stopwatch();
  const slow: Network = {
    request: async () => {
      await clock.sleep(20);
      return { type: "unreachable", reason: "timeout" };
    },
    serve: async () => undefined,
    close: async () => undefined,
  };
  const network = measuredNetwork(slow, clock, observe, queues);
  const storage = measuredStorage(new MemoryStorage(), clock, observe, queues);
  const put = [{ type: "put", space: "values", key: "k", bytes: Uint8Array.of(1) }] as const;

  const asked = Promise.all(["b", "c", "d"].map((peer) => network.request(peer, ping, 20)));
  const written = Promise.all([storage.write(put, "synced"), storage.write(put, "synced")]);
  const under = { peers: queues.peers.take(), commits: queues.commits.take() };
  await world.run(asked);
  await written;

  expect(under).toEqual({ peers: { now: 3, most: 3 }, commits: { now: 2, most: 2 } });
  expect(queues.peers.take()).toEqual({ now: 0, most: 3 });
  expect(queues.commits.take()).toEqual({ now: 0, most: 2 });
});

function stopwatch() {
  const world = new World(1);
  const clock = new SimulatedClock(new SimulatedProcess(world, "a"), { wallOffsetMs: 0, rate: 1 });
  const seen: (readonly [Stage, number])[] = [];
  const queues = { commits: new QueueLength(), peers: new QueueLength(), answers: new QueueLength() };
  return { world, clock, queues, seen, observe: (stage: Stage, ms: number) => void seen.push([stage, ms]) };
}
