import { expect, test } from "vitest";
import { SystemClock } from "./system-clock.ts";

test("the monotonic clock does not go back, and the wall clock agrees with the date", () => {
  const clock = new SystemClock();

  const readings = Array.from({ length: 1000 }, () => clock.monotonicMs());

  expect(readings).toEqual(readings.toSorted((a, b) => a - b));
  expect(Math.abs(clock.wallMs() - Date.now())).toBeLessThan(1000);
});

test("actions run in the order of their delays, the cancelled ones never", async () => {
  const clock = new SystemClock();
  const ran: string[] = [];

  clock.after(20, () => ran.push("late"));
  clock.after(0, () => ran.push("at once"));
  const cancelAtOnce = clock.after(0, () => ran.push("never"));
  const cancelSoon = clock.after(5, () => ran.push("never"));
  cancelAtOnce();
  cancelSoon();
  cancelSoon();
  await new Promise<void>((resume) => clock.after(30, resume));

  expect(ran).toEqual(["at once", "late"]);
});

test("a sleep lasts at least as long as asked for", async () => {
  const clock = new SystemClock();
  const startMs = clock.monotonicMs();

  await clock.sleep(10);

  expect(clock.monotonicMs() - startMs).toBeGreaterThanOrEqual(9);
});

test("a delay beyond what a timer can hold does not fire at once", async () => {
  const clock = new SystemClock();
  let hasFired = false;

  const cancel = clock.after(2 ** 40, () => (hasFired = true));
  await clock.sleep(5);
  cancel();

  expect(hasFired).toBe(false);
});
