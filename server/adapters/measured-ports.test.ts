import { expect, test } from "vitest";
import type { Network, PeerHandler } from "../ports/network.ts";
import { SimulatedClock } from "../simulation/simulated-clock.ts";
import { SimulatedProcess } from "../simulation/simulated-process.ts";
import { World } from "../simulation/world.ts";
import { measuredNetwork, measuredStorage, type Stage } from "./measured-ports.ts";
import { MemoryStorage } from "./memory-storage.ts";

const self = { nodeId: "a", incarnation: "i", boot: 1 };
const ping = { type: "ping", ringHash: "r" } as const;

test("asking a peer and answering one are stages of their own, each as long as it took", async () => {
  const { world, clock, seen, observe } = stopwatch();
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
  const network = measuredNetwork(silentFor20Ms, clock, observe);
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
  const { clock, seen, observe } = stopwatch();
  const storage = measuredStorage(new MemoryStorage(), clock, observe);

  await storage.write([{ type: "put", space: "values", key: "k", bytes: Uint8Array.of(1) }], "synced");
  const read = await storage.read("values", "k");

  expect(read).toMatchObject({ type: "found" });
  expect(seen.map(([{ op, ending }]) => [op, ending])).toEqual([
    ["write-synced", "written"],
    ["read", "found"],
  ]);
});

function stopwatch() {
  const world = new World(1);
  const clock = new SimulatedClock(new SimulatedProcess(world, "a"), { wallOffsetMs: 0, rate: 1 });
  const seen: (readonly [Stage, number])[] = [];
  return { world, clock, seen, observe: (stage: Stage, ms: number) => void seen.push([stage, ms]) };
}
