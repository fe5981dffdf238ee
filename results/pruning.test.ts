import { access, mkdir, mkdtemp, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { stagedRun } from "./fixture/staged-run.ts";
import { carryOutPruning, planPruning, removeData } from "./pruning.ts";
import { listRuns, listTable } from "./run-list.ts";
import { openRunStore, type RunFolder, type RunStore } from "./store.ts";
import type { Kept } from "./whole-file.ts";

let directory = "";
let store: RunStore;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "tipcart-pruning-"));
  store = openRunStore(join(directory, "runs"));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const value = <T>(kept: Kept<T>): T => {
  if (kept.type === "failed") throw new Error(kept.reason);
  return kept.value;
};

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

const { record } = stagedRun({ rate: 20 });
const nowMs = Date.UTC(2030, 0, 1);

const stored = async (name: string, day: number, isJudged = true): Promise<RunFolder> => {
  const startedWallMs = Date.UTC(2026, 10, day);
  const folder = value(await store.begin({ name, startedWallMs, plan: {} }));
  await mkdir(join(folder.data, "n1"), { recursive: true });
  await writeFile(join(folder.data, "n1", "table"), "x".repeat(1_000));
  await writeFile(folder.journal, "");
  if (isJudged) value(await store.saveVerdict(folder, { ...record, name, startedWallMs }));
  return folder;
};

const prune = async (keep: number): Promise<number> =>
  value(await carryOutPruning(await planPruning(value(await store.list()), { keep, nowMs })));

describe("pruning", () => {
  it("keeps the newest runs of each name, without what their nodes stored", async () => {
    const [oldest, middle, newest, other] = await Promise.all([
      stored("cart", 1),
      stored("cart", 2),
      stored("cart", 3),
      stored("session", 1),
    ]);

    const bytes = await prune(2);

    expect(bytes).toBeGreaterThan(4_000);
    expect(await Promise.all([oldest, middle, newest, other].map(({ verdict }) => isThere(verdict)))).toEqual(
      [false, true, true, true],
    );
    expect(await Promise.all([middle, newest, other].map(({ data }) => isThere(data)))).toEqual([
      false,
      false,
      false,
    ]);
    expect(await planPruning(value(await store.list()), { keep: 2, nowMs })).toEqual([]);
  });

  it("leaves a run alone that is still going, and takes one that was cut short", async () => {
    const [going, cut] = await Promise.all([stored("cart", 1, false), stored("cart", 2, false)]);
    await Promise.all(
      [going.journal, going.plan].map((path) => utimes(path, nowMs / 1_000, nowMs / 1_000 - 30)),
    );

    await prune(0);

    expect([await isThere(going.data), await isThere(cut.path)]).toEqual([true, false]);
  });

  it("removes a planted link and not what it points to", async () => {
    const folder = await stored("cart", 1);
    const outside = join(directory, "outside");
    await mkdir(outside);
    await writeFile(join(outside, "precious"), "kept");
    await symlink(outside, join(folder.data, "link"));

    value(await removeData(folder));

    expect([await isThere(folder.data), await isThere(join(outside, "precious"))]).toEqual([false, true]);
  });
});

const listed = async (filter: Parameters<typeof listRuns>[1], limit = 10): Promise<readonly string[]> =>
  value(await listRuns(store, filter, { limit, nowMs })).map(
    ({ entry }) => `${entry.name} ${entry.start.slice(8, 10)}`,
  );

describe("the list of runs", () => {
  beforeEach(async () => {
    await stored("cart", 1);
    await stored("cart", 2, false);
    await stored("session", 3);
  });

  it("has the newest first, and as many as are asked for", async () => {
    expect(await listed({})).toEqual(["session 03", "cart 02", "cart 01"]);
    expect(await listed({}, 2)).toEqual(["session 03", "cart 02"]);
  });

  it("is narrowed by name, verdict and words", async () => {
    expect(await listed({ name: "cart" })).toEqual(["cart 02", "cart 01"]);
    expect(await listed({ verdict: "none" })).toEqual(["cart 02"]);
    expect(await listed({ verdict: "passed", text: "PARTITION kill seed" })).toEqual([
      "session 03",
      "cart 01",
    ]);
    expect(await listed({ text: "partition never-heard-of" })).toEqual([]);
  });

  it("says in a table what is known of each", async () => {
    const table = listTable(value(await listRuns(store, {}, { limit: 10, nowMs })));

    expect(table.split("\n")).toEqual([
      expect.stringMatching(/^verdict +run +started +took +requests +faults$/),
      expect.stringMatching(
        /^passed +session\/2026-11-03T00\.00\.00\.000Z +2026-11-03 00:00:00 UTC +1 min 36 s/,
      ),
      expect.stringMatching(/^cut short +cart\/2026-11-02T00\.00\.00\.000Z$/),
      expect.stringMatching(/^passed +cart\/.* kill pause partition clock$/),
      "",
    ]);
  });
});
