import { expect, test } from "vitest";
import { choiceCost } from "./coordinator-choice.ts";

test("who writes to the node that answered the read spreads the coordinators, where all nodes are equally far", async () => {
  const byList = await choiceCost({ by: "first of the list", distances: "equal" }, 15);
  const byAnswer = await choiceCost({ by: "fastest to answer", distances: "equal" }, 15);

  expect(byAnswer.busiestOverMean).toBeLessThan(byList.busiestOverMean);
}, 60_000);

test("it reads its own writes more often and writes faster, where they are not", async () => {
  const byList = await choiceCost({ by: "first of the list", distances: "unequal" }, 15);
  const byAnswer = await choiceCost({ by: "fastest to answer", distances: "unequal" }, 15);

  expect(byAnswer.ownWritesRead).toBeGreaterThan(byList.ownWritesRead);
  expect(byAnswer.writes.meanMs).toBeLessThan(byList.writes.meanMs);
}, 60_000);
