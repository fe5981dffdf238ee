import { expect, test } from "vitest";
import { choiceCost } from "./coordinator-choice.ts";

test("who writes to the node that answered the read spreads the coordinators, where all nodes are equally far", async () => {
  const byList = await choiceCost({ by: "first of the list", distances: "equal" }, 30);
  const byAnswer = await choiceCost({ by: "fastest to answer", distances: "equal" }, 30);

  expect(byAnswer.busiestOverMean).toBeLessThan(byList.busiestOverMean);
});

test("it reads its own writes more often and writes faster, where they are not", async () => {
  const byList = await choiceCost({ by: "first of the list", distances: "unequal" }, 30);
  const byAnswer = await choiceCost({ by: "fastest to answer", distances: "unequal" }, 30);

  expect(byAnswer.ownWritesRead).toBeGreaterThan(byList.ownWritesRead);
  expect(byAnswer.writes.meanMs).toBeLessThan(byList.writes.meanMs);
});
