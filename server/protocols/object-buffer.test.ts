import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openDurableStorage } from "../adapters/durable-storage.ts";
import { MemoryStorage } from "../adapters/memory-storage.ts";
import { SystemClock } from "../adapters/system-clock.ts";
import { storageContract } from "../ports/storage.contract.ts";
import type { Storage, Write } from "../ports/storage.ts";
import { SimulatedClock } from "../simulation/simulated-clock.ts";
import { SimulatedProcess } from "../simulation/simulated-process.ts";
import { SimulatedDisk, SimulatedStorage } from "../simulation/simulated-storage.ts";
import { World } from "../simulation/world.ts";
import { ObjectBuffer } from "./object-buffer.ts";

const limits = { bufferObjectsMax: 1000, bufferBytesMax: 1 << 20, bufferFlushMs: 100 };

storageContract({
  name: "the object buffer over memory",
  reaches: "buffered",
  hooks: [],
  make: async () => {
    const storage = new ObjectBuffer(new MemoryStorage(), new SystemClock(), limits, () => undefined);
    return { storage, dispose: () => storage.close() };
  },
});

for (const engine of ["level", "lmdb"] as const) {
  storageContract({
    name: `the object buffer over ${engine}`,
    reaches: "synced",
    hooks: ["reopen"],
    make: async () => {
      const directory = await mkdtemp(join(tmpdir(), "tipcart-buffer-"));
      const open = async () => {
        const opening = await openDurableStorage(engine, directory);
        if (opening.type === "refused") throw new Error(opening.detail);
        return new ObjectBuffer(opening.storage, new SystemClock(), limits, () => undefined);
      };
      let storage: Storage = await open();
      return {
        storage,
        reopen: async () => {
          await storage.close();
          storage = await open();
          return storage;
        },
        dispose: async () => {
          await storage.close();
          await rm(directory, { recursive: true });
        },
      };
    },
  });
}

describe("the object buffer", () => {
  test("answers a buffered write from memory, and has it on the disk when the flush is due", async () => {
    const { world, disk, buffer } = bufferOf(1);

    const outcome = await world.run(buffer.write([put("k")], "buffered"));
    const atOnce = [disk.syncCount, buffer.isBuffered("values", "k"), await readOf(world, buffer, "k")];
    await world.runFor(150);

    expect(outcome).toEqual({ type: "written", durability: "buffered" });
    expect(atOnce).toEqual([0, true, "found"]);
    expect([disk.syncCount, buffer.isBuffered("values", "k")]).toEqual([1, false]);
    expect(disk.keys("values")).toEqual(["k"]);
  });

  test("a synced write takes everything that waits with it, in one sync", async () => {
    const { world, disk, buffer } = bufferOf(2);
    for (const key of ["a", "b"]) await world.run(buffer.write([put(key)], "buffered"));

    const outcome = await world.run(buffer.write([put("c")], "synced"));

    expect(outcome).toEqual({ type: "written", durability: "synced" });
    expect([disk.syncCount, disk.keys("values")]).toEqual([1, ["a", "b", "c"]]);
    expect(buffer.objectCount).toBe(0);
  });

  test("a power cut loses what was buffered and nothing that was synced", async () => {
    const { world, disk, process, buffer } = bufferOf(3);
    await world.run(buffer.write([put("synced")], "synced"));
    await world.run(buffer.write([put("buffered")], "buffered"));

    process.kill();
    disk.losePower();

    expect(disk.keys("values")).toEqual(["synced"]);
  });

  test("holds no more than its bound: the write that would be one too many waits for the disk", async () => {
    const { world, disk, buffer } = bufferOf(4, { ...limits, bufferObjectsMax: 4 });

    const outcomes: string[] = [];
    for (const key of ["a", "b", "c", "d", "e"]) {
      const outcome = await world.run(buffer.write([put(key)], "buffered"));
      outcomes.push(outcome.type === "written" ? outcome.durability : outcome.type);
    }

    expect(buffer.objectCount).toBeLessThanOrEqual(4);
    expect(outcomes).toContain("synced");
    await world.run(buffer.flush());
    expect(disk.keys("values")).toEqual(["a", "b", "c", "d", "e"]);
  });

  test("is flushed early when half of it is taken", async () => {
    const { world, disk, buffer } = bufferOf(5, { ...limits, bufferObjectsMax: 4 });

    await world.run(buffer.write([put("a"), put("b")], "buffered"));
    await world.runFor(30);

    expect(disk.keys("values")).toEqual(["a", "b"]);
  });

  test("a flush that fails is told, keeps its objects, and a recovery brings them to the disk", async () => {
    const { world, disk, buffer, failures } = bufferOf(6);
    disk.fault = "full";
    await world.run(buffer.write([put("k")], "buffered"));
    await world.runFor(150);
    const kept = await readOf(world, buffer, "k");

    disk.fault = "none";
    const recovery = await world.run(buffer.recover());

    expect(failures).toEqual(["no space left on the device"]);
    expect(kept).toBe("found");
    expect(recovery).toEqual({ type: "recovered" });
    expect(disk.keys("values")).toEqual(["k"]);
  });

  test("a stop brings what is buffered to the disk", async () => {
    const { world, disk, buffer } = bufferOf(7);
    await world.run(buffer.write([put("k")], "buffered"));

    await world.run(buffer.close());
    disk.losePower();

    expect(disk.keys("values")).toEqual(["k"]);
  });
});

function bufferOf(seed: number, bounds = limits) {
  const world = new World(seed);
  const disk = new SimulatedDisk(world, "n1");
  const process = new SimulatedProcess(world, "n1");
  const clock = new SimulatedClock(process, { wallOffsetMs: 0, rate: 1 });
  const failures: string[] = [];
  const buffer = new ObjectBuffer(new SimulatedStorage(disk, process), clock, bounds, ({ reason }) =>
    failures.push(reason),
  );
  return { world, disk, process, buffer, failures };
}

async function readOf(world: World, buffer: ObjectBuffer, key: string): Promise<string> {
  return (await world.run(buffer.read("values", key))).type;
}

function put(key: string): Write {
  return { type: "put", space: "values", key, bytes: Uint8Array.of(1) };
}
