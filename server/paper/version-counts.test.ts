import { expect, test } from "vitest";
import { type VersionCase, versionCounts } from "./version-counts.ts";

async function severalShare(some: Pick<VersionCase, "writersPerKey" | "broken">): Promise<number> {
  const { byVersions } = await versionCounts({ ...some, minutes: 1, seed: 1 });
  const [one] = byVersions;
  return 1 - one / byVersions.reduce((sum, count) => sum + count, 0);
}

test("one writer a key never sees two versions, also while a node is dead; many writers do, more than a cut makes", async () => {
  const alone = await severalShare({ writersPerKey: 1, broken: "nothing" });
  const killed = await severalShare({ writersPerKey: 1, broken: "kill" });
  const cut = await severalShare({ writersPerKey: 1, broken: "cut" });
  const crowded = await severalShare({ writersPerKey: 64, broken: "nothing" });

  expect(alone).toBe(0);
  expect(killed).toBeLessThan(cut);
  expect(cut).toBeGreaterThan(0);
  expect(crowded).toBeGreaterThan(cut);
});
