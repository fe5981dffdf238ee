import { expect, test } from "vitest";
import type { ReadOutcome } from "../ports/storage.ts";
import { SimulatedClock } from "../simulation/simulated-clock.ts";
import { SimulatedProcess } from "../simulation/simulated-process.ts";
import { World } from "../simulation/world.ts";
import { Stamps } from "./stamps.ts";

test("stamps are given again once the disk can be read, and go on behind those of the last boot", async () => {
  const world = new World(1);
  const clock = new SimulatedClock(new SimulatedProcess(world, "n1"), { wallOffsetMs: 0, rate: 1 });
  const lastEnd = clock.wallMs() + 500;
  const reads: ReadOutcome[] = [
    { type: "failed", reason: "the store is being opened" },
    { type: "found", bytes: new TextEncoder().encode(`${lastEnd}`) },
  ];
  const disk = {
    read: async () => reads.shift() ?? ({ type: "absent" } as const),
    write: async () => ({ type: "written", durability: "synced" }) as const,
  };
  const stamps = new Stamps({ clock, disk, trace: { emit: () => undefined }, stampLeadMs: 60_000 });

  const given = [await stamps.next(), await stamps.next()];

  expect(given).toEqual([{ type: "failed" }, { type: "stamp", wallMs: lastEnd + 1 }]);
});
