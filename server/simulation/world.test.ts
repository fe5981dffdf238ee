import { describe, expect, test } from "vitest";
import { randomRun } from "./random-run.ts";
import { SimulatedProcess } from "./simulated-process.ts";
import { World } from "./world.ts";

const seeds = Array.from(
  { length: process.env["TIPCART_DEEP"] === undefined ? 6 : 100 },
  (_, index) => 1000 + index,
);

describe("a run is a function of its seed", () => {
  const shape = { wishCount: 15, clientCount: 3, restFactor: 1, briskShare: 0.5 };

  test.each(seeds)("seed %i happens twice in the same way, to the last line", async (seed) => {
    const first = (await randomRun(seed, shape)).cluster.world.lines();
    const second = (await randomRun(seed, shape)).cluster.world.lines();

    const leak = first.findIndex((line, index) => line !== second[index]);
    expect(leak === -1 ? [] : [first[leak], second[leak]]).toEqual([]);
    expect(second).toHaveLength(first.length);
    expect(first.length).toBeGreaterThan(500);
  });

  test("and another seed is another run", async () => {
    const one = (await randomRun(1, shape)).cluster.world.lines();
    const other = (await randomRun(2, shape)).cluster.world.lines();

    expect(one.slice(0, 100)).not.toEqual(other.slice(0, 100));
  });
});

describe("a world", () => {
  test("lets everything settle that one event caused before the next one happens", async () => {
    const world = new World(1);
    const order: string[] = [];
    world.after(1, () => {
      Promise.resolve()
        .then(() => order.push("a1"))
        .then(() => order.push("a2"))
        .then(() => order.push("a3"))
        .catch(() => order.push("impossible"));
    });
    world.after(1, () => order.push("b"));

    await world.runFor(2);

    expect(order).toEqual(["a1", "a2", "a3", "b"]);
  });

  test("has events of one time happen in the order they were asked for, whatever else is cancelled", async () => {
    const world = new World(1);
    const order: number[] = [];
    const cancels = Array.from({ length: 100 }, (_, index) =>
      world.after(index % 3, () => order.push(index)),
    );
    for (const [index, cancel] of cancels.entries()) if (index % 7 === 0) cancel();

    await world.runFor(5);

    const kept = Array.from({ length: 100 }, (_, index) => index).filter((index) => index % 7 !== 0);
    expect(order).toEqual(kept.toSorted((a, b) => (a % 3) - (b % 3) || a - b));
  });

  test("has a stream of chance for each name, and taking one away leaves the others as they were", () => {
    const one = new World(5);
    const other = new World(5);
    draw(one, "fault");

    expect(draw(one, "link a>b")).toEqual(draw(other, "link a>b"));
    expect(draw(one, "link a>b")).not.toEqual(draw(one, "link b>a"));
    expect(draw(one, "link a>b")).not.toEqual(draw(new World(6), "link a>b"));
  });

  test("says, with its seed, when what is waited for can never come", async () => {
    const world = new World(42);

    await expect(world.run(new Promise(() => {}))).rejects.toThrow("seed 42: nothing is left to happen");
  });

  test("says so, too, when what is waited for takes too long", async () => {
    const world = new World(42);
    const again = () => {
      world.after(10, again);
    };
    again();

    await expect(world.run(new Promise(() => {}), 1000)).rejects.toThrow(
      "seed 42: still waiting after 1000 ms",
    );
  });
});

describe("a process", () => {
  test("that is paused makes up for everything in order when it resumes; one that was killed never does", async () => {
    const world = new World(1);
    const process = new SimulatedProcess(world, "n1");
    const order: string[] = [];
    process.after(1, () => order.push("before"));
    process.after(5, () => order.push("during, first"));
    process.after(6, () => order.push("during, second"));
    const cancel = process.after(7, () => order.push("cancelled meanwhile"));
    process.after(50, () => order.push("after the end"));
    await world.runFor(2);

    process.pause();
    await world.runFor(10);
    const whilePaused = [...order];
    cancel();
    process.resume();
    await world.runFor(10);
    process.kill();
    await world.runFor(100);

    expect(whilePaused).toEqual(["before"]);
    expect(order).toEqual(["before", "during, first", "during, second"]);
  });
});

function draw(world: World, name: string): readonly number[] {
  const stream = world.random(name);
  return [stream.uniform(), stream.integer(0, 1000), ...stream.bytes(4)];
}
