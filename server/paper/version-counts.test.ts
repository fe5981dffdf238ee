import { expect, test } from "vitest";
import { type VersionCase, versionCounts } from "./version-counts.ts";

async function severalShare(some: Pick<VersionCase, "writersPerKey" | "broken">): Promise<number> {
  const { byVersions } = await versionCounts({ ...some, customerCount: 16, minutes: 1, seed: 1 });
  const [one] = byVersions;
  return 1 - one / byVersions.reduce((sum, count) => sum + count, 0);
}

test("one writer a key sees several versions after a cut, none when a node dies, and fewer than sixteen writers do", async () => {
  const killed = await severalShare({ writersPerKey: 1, broken: "kill" });
  const cut = await severalShare({ writersPerKey: 1, broken: "cut" });
  const crowded = await severalShare({ writersPerKey: 16, broken: "nothing" });

  expect(killed).toBe(0);
  expect(cut).toBeGreaterThan(0);
  expect(crowded).toBeGreaterThan(cut);
}, 60_000);
