import { expect, test } from "vitest";
import { SimulatedClock } from "../simulation/simulated-clock.ts";
import { SimulatedProcess } from "../simulation/simulated-process.ts";
import { World } from "../simulation/world.ts";
import type { Attempt, Refused, WriteEnding } from "./entry.ts";
import { defaultPatience, type Patience, pursue } from "./pursuit.ts";

const overloaded: Ending = { type: "fail", error: "overloaded", detail: "Full." };
const badContext: Ending = { type: "fail", error: "bad-context", detail: "Foreign." };
const silence: Ending = { type: "info", error: "unreachable", detail: "Silent." };
const ok: Ending = { type: "ok" };

type Ending = Refused<"fail" | "info"> | { readonly type: "ok" };

test.each<[string, readonly Ending[], boolean, WriteEnding["type"], number]>([
  ["a refusal that did nothing is asked of another node", [overloaded, ok], false, "ok", 2],
  ["a refusal that every node would give is final", [badContext, ok], true, "fail", 1],
  ["a silence is final for a value that does not merge with its copy", [silence, ok], false, "info", 1],
  ["a silence is tried again for one that does", [silence, ok], true, "ok", 2],
  ["once a write may have happened, a refusal does not undo it", [silence, overloaded], true, "info", 2],
  ["a silence after a refusal is a silence", [overloaded, silence], true, "info", 2],
  ["the attempts are counted", [overloaded, overloaded, ok], true, "fail", 2],
])("%s", async (_name, endings, isRetrySafe, type, attemptCount) => {
  const { run, made } = pursuitOf(endings, isRetrySafe);

  expect((await run()).type).toBe(type);
  expect(made).toHaveLength(attemptCount);
});

test("one attempt leaves time for the next, and the last may use what is left", async () => {
  const patience: Patience = { attemptCountMax: 3, attemptMs: 120, totalMs: 300 };
  const { run, made } = pursuitOf([overloaded, overloaded, overloaded], true, patience, 100);

  await run();

  expect(made.map(({ timeoutMs }) => timeoutMs)).toEqual([120, 120, 100]);
});

test("no attempt begins after the time is over", async () => {
  const { run, made } = pursuitOf([overloaded, ok], true, defaultPatience, 300);

  expect(await run()).toEqual(overloaded);
  expect(made).toHaveLength(1);
});

/** A pursuit whose attempts end as told, each after `eachMs`. */
function pursuitOf(
  endings: readonly Ending[],
  isRetrySafe: boolean,
  patience: Patience = defaultPatience,
  eachMs = 1,
) {
  const world = new World(1);
  const clock = new SimulatedClock(new SimulatedProcess(world, "client"), { wallOffsetMs: 0, rate: 1 });
  const made: Attempt[] = [];
  const attempt = async (asked: Attempt): Promise<Ending> => {
    const ending = endings[made.length] ?? ok;
    made.push(asked);
    await clock.sleep(eachMs);
    return ending;
  };
  return { made, run: () => world.run(pursue(patience, clock, isRetrySafe, attempt)) };
}
