import { describe, expect, test } from "vitest";
import { storageContract } from "../ports/storage.contract.ts";
import type { Write } from "../ports/storage.ts";
import { SimulatedProcess } from "./simulated-process.ts";
import { SimulatedDisk, SimulatedStorage } from "./simulated-storage.ts";
import { World } from "./world.ts";

storageContract({
  name: "The simulated disk",
  reaches: "synced",
  hooks: ["reopen", "damage"],
  make: async () => {
    const world = new World(1);
    const disk = new SimulatedDisk(world, "n1");
    let storage = new SimulatedStorage(disk, new SimulatedProcess(world, "n1"));
    // The suite awaits the storage itself, so the world has to go on by itself until the case is over.
    const ending = new AbortController();
    const driven = (async () => {
      while (!ending.signal.aborted) await world.step();
    })();
    return {
      storage,
      reopen: async () => {
        await storage.close();
        storage = new SimulatedStorage(disk, new SimulatedProcess(world, "n1"));
        return storage;
      },
      damage: async (space, key) => disk.damage(space, key),
      dispose: async () => {
        ending.abort();
        await driven;
      },
    };
  },
});

describe("the simulated disk", () => {
  test("a killed process loses nothing that was acknowledged, synced or not", async () => {
    const { world, disk, process, storage } = bootedDisk(3);
    await world.run(storage.write([put("synced")], "synced"));
    await world.run(storage.write([put("buffered")], "buffered"));

    process.kill();

    expect(disk.keys("values")).toEqual(["buffered", "synced"]);
  });

  test("a power cut loses an end of what was not synced, and nothing that was", async () => {
    const lostCounts = new Set<number>();
    for (let seed = 1; seed <= 30; seed += 1) {
      const { world, disk, process, storage } = bootedDisk(seed);
      await world.run(storage.write([put("k0")], "synced"));
      for (const key of ["k1", "k2", "k3"]) await world.run(storage.write([put(key)], "buffered"));

      process.kill();
      disk.losePower();

      const kept = disk.keys("values");
      expect(kept).toEqual(["k0", "k1", "k2", "k3"].slice(0, kept.length));
      expect(kept.length).toBeGreaterThanOrEqual(1);
      lostCounts.add(4 - kept.length);
    }

    expect([...lostCounts].toSorted()).toEqual([0, 1, 2, 3]);
  });

  test("a sync makes everything before it durable", async () => {
    const { world, disk, process, storage } = bootedDisk(4);
    await world.run(storage.write([put("first")], "buffered"));
    await world.run(storage.write([put("second")], "synced"));

    process.kill();
    disk.losePower();

    expect(disk.keys("values")).toEqual(["first", "second"]);
  });

  test("a write under way when its process is killed has happened or not", async () => {
    const fates = new Set<string>();
    for (let seed = 1; seed <= 20; seed += 1) {
      const { world, disk, process, storage } = bootedDisk(seed);
      storage.write([put("k")], "synced").catch((cause: unknown) => world.fail(cause));
      process.kill();
      await world.runFor(100);
      fates.add(disk.read("values", "k").type);
    }

    expect([...fates].toSorted()).toEqual(["absent", "found"]);
  });

  test("a full disk refuses, a broken one refuses for good", async () => {
    const { world, disk, storage } = bootedDisk(5);

    disk.fault = "full";
    const full = await world.run(storage.write([put("k")], "synced"));
    disk.fault = "broken";
    const broken = await world.run(storage.write([put("k")], "synced"));

    expect(full).toMatchObject({ type: "failed", fatal: false });
    expect(broken).toMatchObject({ type: "failed", fatal: true });
    expect(disk.read("values", "k")).toEqual({ type: "absent" });
  });
});

function bootedDisk(seed: number) {
  const world = new World(seed);
  const disk = new SimulatedDisk(world, "n1");
  const process = new SimulatedProcess(world, "n1");
  return { world, disk, process, storage: new SimulatedStorage(disk, process) };
}

function put(key: string): Write {
  return { type: "put", space: "values", key, bytes: Uint8Array.of(1) };
}
