import { expect, test } from "vitest";
import { SimulatedClock } from "../simulation/simulated-clock.ts";
import { SimulatedProcess } from "../simulation/simulated-process.ts";
import { World } from "../simulation/world.ts";
import { Recurring } from "./recurring.ts";

function parts() {
  const world = new World(1);
  const clock = new SimulatedClock(new SimulatedProcess(world, "n1"), { wallOffsetMs: 0, rate: 1 });
  const timesMs: number[] = [];
  return { world, clock, timesMs };
}

test("an interval runs from the end of one time to the beginning of the next", async () => {
  const { world, clock, timesMs } = parts();
  const slow = new Recurring(clock, 10, () => {
    timesMs.push(world.nowMs());
    return clock.sleep(5);
  });

  slow.start(1);
  await world.runFor(40);

  expect(timesMs).toEqual([1, 16, 31]);
});

test("an activity that knows when it is due next is not begun before", async () => {
  const { world, clock, timesMs } = parts();
  const waitsMs = [100, 3, 50];
  const patient = new Recurring(
    clock,
    () => waitsMs.shift() ?? 1000,
    () => void timesMs.push(world.nowMs()),
  );

  patient.start(0);
  await world.runFor(500);

  expect(timesMs).toEqual([0, 100, 103, 153]);
});

test("what is hastened happens now and goes on from there, unless it is under way or has not begun", async () => {
  const { world, clock, timesMs } = parts();
  const recurring = new Recurring(clock, 100, () => {
    timesMs.push(world.nowMs());
    recurring.hasten();
    return timesMs.length === 2 ? clock.sleep(20) : undefined;
  });

  recurring.hasten();
  await world.runFor(10);
  recurring.start(5);
  await world.runFor(30);
  recurring.hasten();
  await world.runFor(10);
  recurring.hasten();
  await world.runFor(200);

  expect(timesMs).toEqual([15, 40, 160]);
});

test("nothing begins after a stop, which waits for what is under way", async () => {
  const { world, clock, timesMs } = parts();
  const stopped = new Recurring(clock, 10, () => clock.sleep(5).then(() => void timesMs.push(world.nowMs())));

  stopped.start(1);
  await world.runFor(3);
  await world.run(stopped.stop());
  stopped.hasten();
  await world.runFor(100);

  expect(timesMs).toEqual([6]);
});
