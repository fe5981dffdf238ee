import { expect, it } from "vitest";
import { SlowLane } from "./slow-lane.ts";

it("a slow lane passes everything on in order, and then says that it is empty", async () => {
  const passed: string[] = [];
  const lane = new SlowLane(
    (chunk) => passed.push(chunk.toString()),
    () => undefined,
  );
  const began = performance.now();

  lane.take(Buffer.from("a"), { trouble: "delay", delayMs: 30 });
  lane.take(Buffer.from("b"), { trouble: "jitter", delayMs: 30 });
  lane.take(Buffer.from("c"), undefined);
  const atOnce = [...passed];
  await new Promise<void>((resolve) => lane.afterAll(resolve));

  expect(atOnce).toEqual([]);
  expect(passed).toEqual(["a", "b", "c"]);
  expect(performance.now() - began).toBeGreaterThanOrEqual(29);
});

it("a lane without a shape passes at once", () => {
  const passed: string[] = [];
  const lane = new SlowLane(
    (chunk) => passed.push(chunk.toString()),
    () => undefined,
  );

  lane.take(Buffer.from("a"), undefined);

  expect(passed).toEqual(["a"]);
});

it("a lane that is full says so, and again when there is room", async () => {
  let passedBytes = 0;
  const room = new Promise<void>((resolve) => {
    const lane = new SlowLane((chunk) => (passedBytes += chunk.length), resolve);
    lane.take(Buffer.alloc(200 * 1024), { trouble: "delay", delayMs: 5 });
    expect(lane.isFull).toBe(false);
    lane.take(Buffer.alloc(200 * 1024), { trouble: "delay", delayMs: 5 });
    expect(lane.isFull).toBe(true);
  });

  await room;

  expect(passedBytes).toBeGreaterThanOrEqual(200 * 1024);
});

it("a lane that is closed loses what waits", async () => {
  const passed: string[] = [];
  const lane = new SlowLane(
    (chunk) => passed.push(chunk.toString()),
    () => undefined,
  );
  const other = new SlowLane(
    (chunk) => passed.push(chunk.toString()),
    () => undefined,
  );

  lane.take(Buffer.from("lost"), { trouble: "delay", delayMs: 1 });
  lane.close();
  other.take(Buffer.from("kept"), { trouble: "delay", delayMs: 20 });
  await new Promise<void>((resolve) => other.afterAll(resolve));

  expect(passed).toEqual(["kept"]);
});
