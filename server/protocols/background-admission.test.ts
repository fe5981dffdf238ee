import { describe, expect, test } from "vitest";
import { defaultLimits } from "../config.ts";
import { slicesMax } from "../core/background-slices.ts";
import { copies, eventsOf, noHandoff, noticed, scenario } from "../simulation/scenario.ts";
import { SimulatedClock } from "../simulation/simulated-clock.ts";
import { SimulatedProcess } from "../simulation/simulated-process.ts";
import { World } from "../simulation/world.ts";
import { BackgroundAdmission, windowMs } from "./background-admission.ts";

describe("background work", () => {
  test("goes on as it comes while nothing suffers", async () => {
    const { world, background } = admission();

    await takeMany(background, slicesMax);

    expect(world.nowMs()).toBe(0);
  });

  test("waits for the next window when the slices of one are taken", async () => {
    const { world, background } = admission();

    await world.run(takeMany(background, slicesMax + 1));

    expect(world.nowMs()).toBe(windowMs);
  });

  test.each(["disk", "loop"] as const)(
    "comes down to one piece in a window while the %s is slow, and back when it is not",
    async (slow) => {
      const { world, background, strain, slices } = admission();
      strain[slow] = 51;

      await world.run(keepAsking(background, 10_000, world));
      const atFloor = await world.run(keepAsking(background, 5000, world));
      strain[slow] = 0;
      await world.run(keepAsking(background, 20_000, world));

      expect(atFloor).toBeGreaterThanOrEqual(5000 / windowMs - 1);
      expect(atFloor).toBeLessThanOrEqual(5000 / windowMs + 1);
      expect(slices.slice(0, 8)).toEqual([128, 64, 32, 16, 8, 4, 2, 1]);
      expect(slices.slice(8, 11)).toEqual([17, 33, 49]);
      expect(background.slices).toBe(slicesMax);
    },
  );

  test("of several kinds shares the floor evenly", async () => {
    const { world, background, strain } = admission();
    strain.disk = 1000;
    await world.run(keepAsking(background, 10_000, world));

    const shares = await world.run(Promise.all([1, 2, 3].map(() => keepAsking(background, 30_000, world))));

    for (const share of shares) expect(Math.abs(share - 100)).toBeLessThanOrEqual(5);
  });

  test("waits no more once its node stops", async () => {
    const { world, background, strain } = admission();
    strain.disk = 1000;
    await world.run(keepAsking(background, 10_000, world));
    const fromMs = world.nowMs();

    await background.stop();
    await takeMany(background, 1000);

    expect(world.nowMs()).toBe(fromMs);
  });
});

describe("repair on a disk that reads slowly", () => {
  test("is held back, and still ends", async () => {
    const { cluster, client } = await scenario({
      nodeIds: ["n1", "n2", "n3"],
      intervals: { ...noHandoff, antiEntropyMs: 500 },
      limits: { hintBytesMax: 0, cacheBytesMax: 1 },
    });
    const keys = Array.from({ length: 200 }, (_, index) => `k${index}`);
    cluster.crash("n3");
    await noticed(cluster);
    for (const key of keys) await client.put("n1", key, `of ${key}`);
    for (const name of ["n1", "n2", "n3"]) cluster.machine(name).disk.readDelayMs = 60;

    await cluster.start("n3");
    await cluster.world.runFor(240_000);

    const judged = eventsOf(cluster, "background-judged").map(({ slices }) => slices);
    expect(Math.min(...judged)).toBe(1);
    for (const key of keys) expect((await copies(cluster, key))["n3"]).toBe(`of ${key}`);
  });
});

function admission() {
  const world = new World(1);
  const clock = new SimulatedClock(new SimulatedProcess(world, "a"), { wallOffsetMs: 0, rate: 1 });
  const strain = { disk: 0, loop: 0 };
  const slices: number[] = [];
  const background = new BackgroundAdmission({
    clock,
    disk: { readP99Ms: () => strain.disk },
    limits: defaultLimits,
    stallWatch: { lagMs: () => strain.loop },
    trace: {
      emit: (event) => {
        if (event.type === "background-judged") slices.push(event.slices);
      },
    },
  });
  return { world, background, strain, slices };
}

async function takeMany(background: BackgroundAdmission, count: number): Promise<void> {
  for (let taken = 0; taken < count; taken += 1) await background.slice();
}

/** How many pieces began within `forMs`, each asked for when the one before was over. */
async function keepAsking(background: BackgroundAdmission, forMs: number, world: World): Promise<number> {
  const untilMs = world.nowMs() + forMs;
  let count = 0;
  while (world.nowMs() < untilMs) {
    await background.slice();
    count += 1;
  }
  return count;
}
