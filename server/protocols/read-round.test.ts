import { expect, test } from "vitest";
import { dottedVersions } from "../core/dotted-versions.ts";
import { HedgeBudget } from "../core/hedge-budget.ts";
import { emptyContext, emptyKeyState } from "../core/versions.ts";
import type { Clock } from "../ports/clock.ts";
import { World } from "../simulation/world.ts";
import { ReadRound } from "./read-round.ts";
import type { StateOutcome } from "./replica.ts";

const holding = dottedVersions.update(emptyKeyState, {
  context: emptyContext,
  value: Buffer.from("v"),
  writeId: "w",
  actor: "a~1~0",
  wallMs: 0,
}).state;

/** Homes a, b and c take `homesMs` to answer, or say nothing; the fallbacks d and e have nothing and say so at once. */
async function readWhile(homesMs: number | undefined) {
  const world = new World(1);
  const clock: Pick<Clock, "monotonicMs" | "after"> = {
    monotonicMs: () => world.nowMs(),
    after: (delayMs, action) => world.after(delayMs, action),
  };
  const round = new ReadRound(
    {
      homes: ["a", "b", "c"],
      targets: ["a", "b", "c"],
      spares: ["d", "e"],
      needs: { total: 2, homes: 0, synced: 0, fallbacksCount: true },
      isCovered: () => true,
      deadlineMs: 1000,
      patienceMs: () => 10,
      hedges: new HedgeBudget({ share: 1, reserve: 10 }),
      graceMs: 0,
      ask: (node) =>
        new Promise<StateOutcome>((resolve) => {
          const isHome = ["a", "b", "c"].includes(node);
          const state = isHome ? holding : emptyKeyState;
          const delayMs = isHome ? homesMs : 0;
          if (delayMs !== undefined) world.after(delayMs, () => resolve({ type: "state", state }));
        }),
    },
    clock as Clock,
  );
  round.begin();
  return world.run(round.answer());
}

test("fallbacks that have nothing make no quorum while a home may still answer", async () => {
  const { type, replies } = await readWhile(100);

  expect(type).toBe("met");
  expect(replies.some(({ isHome }) => isHome)).toBe(true);
});

test("when no home answers in time, what the fallbacks have is the answer", async () => {
  const { type, replies } = await readWhile(undefined);

  expect(type).toBe("met");
  expect(replies.map(({ node }) => node)).toEqual(["d", "e"]);
});
