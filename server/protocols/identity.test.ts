import { describe, expect, test } from "vitest";
import { defaultIntervals, defaultLimits } from "../config.ts";
import { leaseSize } from "../core/actor.ts";
import { SimulatedClock } from "../simulation/simulated-clock.ts";
import { SimulatedProcess } from "../simulation/simulated-process.ts";
import { SimulatedDisk, SimulatedStorage } from "../simulation/simulated-storage.ts";
import { World } from "../simulation/world.ts";
import { Disk } from "./disk.ts";
import { type Identity, openIdentity } from "./identity.ts";

const owner = { clusterId: "c", nodeId: "n1", partitionCount: 64 };

describe("an identity", () => {
  test("keeps its incarnation over restarts and counts its boots", async () => {
    const machine = machineOf(1);

    const first = await opened(machine);
    const second = await opened(machine);

    expect(first.incarnation).toMatch(/^[0-9a-f]{32}$/);
    expect(second.incarnation).toBe(first.incarnation);
    expect([first.boot, second.boot]).toEqual([1, 2]);
  });

  test("on an empty or unreadable disk is somebody new", async () => {
    const machine = machineOf(1);
    const first = await opened(machine);
    machine.disk.wipe();
    const second = await opened(machine);
    machine.disk.damage("meta", "node");
    const third = await opened(machine);

    expect(new Set([first.incarnation, second.incarnation, third.incarnation]).size).toBe(3);
    expect([second.boot, third.boot]).toEqual([1, 1]);
  });

  test("never gives an epoch twice, over restarts, power cuts and the ends of blocks", async () => {
    const machine = machineOf(1);
    const seen = new Set<number>();
    for (let boot = 0; boot < 4; boot += 1) {
      const identity = await opened(machine);
      for (let count = 0; count < leaseSize * 1.3; count += 1) {
        const epoch = await machine.world.run(identity.nextEpoch());
        expect(epoch === undefined || seen.has(epoch)).toBe(false);
        if (epoch !== undefined) seen.add(epoch);
      }
      machine.disk.losePower();
    }

    expect(seen.size).toBe(Math.floor(leaseSize * 1.3) * 4);
  });

  test("never gives an epoch twice over clean stops either, whatever was leased before them", async () => {
    const machine = machineOf(1);
    const seen = new Set<number>();
    for (let boot = 0; boot < 3; boot += 1) {
      const identity = await opened(machine);
      for (let count = 0; count < leaseSize * 1.5; count += 1) {
        const epoch = await machine.world.run(identity.nextEpoch());
        expect(epoch === undefined || seen.has(epoch)).toBe(false);
        if (epoch !== undefined) seen.add(epoch);
      }
      await machine.world.run(identity.stopCleanly(false));
    }

    expect(seen.size).toBe(leaseSize * 1.5 * 3);
  });

  test("gives distinct epochs to those who ask at the same time, at the end of a block too", async () => {
    const machine = machineOf(1);
    const identity = await opened(machine);

    const epochs = await machine.world.run(
      Promise.all(Array.from({ length: leaseSize * 2 }, () => identity.nextEpoch())),
    );

    expect(new Set(epochs).size).toBe(leaseSize * 2);
    expect(epochs).not.toContain(undefined);
  });

  test("gives no epoch that the disk has not taken note of", async () => {
    const machine = machineOf(1);
    const identity = await opened(machine);
    machine.disk.fault = "full";

    const epochs = await machine.world.run(
      Promise.all(Array.from({ length: leaseSize + 1 }, () => identity.nextEpoch())),
    );

    expect(epochs.slice(0, leaseSize)).not.toContain(undefined);
    expect(epochs[leaseSize]).toBeUndefined();
  });

  test("retires its epochs when it was not stopped cleanly, and only then", async () => {
    const machine = machineOf(1);
    const first = await opened(machine);
    const afterCrash = await opened(machine);
    await machine.world.run(afterCrash.stopCleanly(false));
    const afterStop = await opened(machine);
    const afterAnotherCrash = await opened(machine);

    expect(first.epochFloor).toBe(0);
    expect(afterCrash.epochFloor).toBe(leaseSize);
    expect(afterStop.epochFloor).toBe(leaseSize);
    expect(afterAnotherCrash.epochFloor).toBe(leaseSize * 3);
  });

  test("refuses a disk of another node, cluster or number of partitions, with a sentence", async () => {
    const machine = machineOf(1);
    await opened(machine);
    const reasonOf = async (other: Partial<typeof owner>) => {
      const outcome = await open(machine, { ...owner, ...other });
      return outcome.type === "failed" ? outcome.reason : "ok";
    };

    expect(await reasonOf({ nodeId: "n2" })).toBe("The data directory has nodeId n1, the configuration n2.");
    expect(await reasonOf({ clusterId: "d" })).toContain("clusterId");
    expect(await reasonOf({ partitionCount: 32 })).toContain("partitionCount 64");
  });

  test("does not start on a disk that refuses the start to be recorded", async () => {
    const machine = machineOf(1);
    machine.disk.fault = "full";

    expect(await open(machine, owner)).toMatchObject({ type: "failed" });
  });
});

function machineOf(seed: number) {
  const world = new World(seed);
  return { world, disk: new SimulatedDisk(world, "n1") };
}

type Machine = ReturnType<typeof machineOf>;

function open({ world, disk }: Machine, asked: typeof owner) {
  const process = new SimulatedProcess(world, "n1");
  const clock = new SimulatedClock(process, { wallOffsetMs: 0, rate: 1 });
  const storage = new SimulatedStorage(disk, process);
  const random = world.random(`boot at ${world.nowMs()}`);
  return world.run(
    openIdentity(
      new Disk(storage, clock, { ...defaultLimits, ...defaultIntervals }, { emit: () => {} }),
      asked,
      random,
    ),
  );
}

async function opened(machine: Machine): Promise<Identity> {
  const outcome = await open(machine, owner);
  if (outcome.type === "failed") throw new Error(outcome.reason);
  return outcome.identity;
}
