import { mkdir, mkdtemp, readdir, readFile, readlink, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { stagedRun } from "./fixture/staged-run.ts";
import { readLatest } from "./latest.ts";
import { openRunStore, type RunFolder, type RunStore } from "./store.ts";
import { type Kept, writeSynced } from "./whole-file.ts";

let directory = "";
let store: RunStore;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "tipcart-store-"));
  store = openRunStore(join(directory, "runs"));
});

afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

const startedWallMs = Date.UTC(2026, 10, 21, 23, 43, 5, 120);
const plan = { seed: 7, faults: ["kill"] };

const value = <T>(kept: Kept<T>): T => {
  if (kept.type === "failed") throw new Error(kept.reason);
  return kept.value;
};

const begin = async (name = "shopping-cart", at = startedWallMs): Promise<RunFolder> =>
  value(await store.begin({ name, startedWallMs: at, plan }));

const full = (code: string) => (): Promise<void> =>
  Promise.reject(Object.assign(new Error(`${code}: no space left on device, write`), { code }));

describe("a run's folder", () => {
  it("holds the plan before anything else happens", async () => {
    const folder = await begin();

    expect(relative(directory, folder.path)).toBe(join("runs", "shopping-cart", "2026-11-21T23.43.05.120Z"));
    expect(JSON.parse(await readFile(folder.plan, "utf8"))).toEqual(plan);
    expect((await readdir(folder.path)).toSorted()).toEqual(["nodes", "plan.json"]);
  });

  it("is a new one for runs that begin in the same millisecond", async () => {
    const folders = await Promise.all(Array.from({ length: 12 }, () => begin()));

    expect(new Set(folders.map((folder) => folder.path)).size).toBe(12);
  });

  it.each([
    "../../etc",
    "/etc/passwd",
    "..",
    ".",
    "",
    "a/../../b",
    "C:\\x",
    "x\u0000y",
    "-rf",
    "x".repeat(500),
    "latest",
    "~root",
    "％2e％2e",
    "%2e%2e%2f",
  ])("stays inside for the name %j", async (name) => {
    const folder = await begin(name);
    const inside = relative(join(directory, "runs"), folder.path).split("/");

    expect(inside).toHaveLength(2);
    expect(inside[0]).toMatch(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,70}$/);
    expect(inside[0]).not.toBe("latest");
  });
});

describe("what is saved", () => {
  it("comes back as it was", async () => {
    const folder = await begin();
    const { record } = stagedRun({ variant: "violated", rate: 20 });

    value(await store.saveVerdict(folder, record));
    value(await store.saveReport(folder, "<!doctype html>"));
    value(await store.saveSummary(folder, "# x"));

    expect(value(await store.readVerdict(folder))).toEqual(record);
    expect(await readFile(folder.report, "utf8")).toBe("<!doctype html>");
    expect((await readdir(folder.path)).toSorted()).toEqual([
      "nodes",
      "plan.json",
      "report.html",
      "summary.md",
      "verdict.json",
    ]);
  });

  it("stays what it was when the disk is full, and one sentence says so", async () => {
    const folder = await begin();
    value(await store.saveReport(folder, "the old page"));
    const onFullDisk = openRunStore(store.directory, {
      write: async (path, text) => {
        await writeSynced(path, text.slice(0, 4));
        return await full("ENOSPC")();
      },
    });

    const kept = await onFullDisk.saveReport(folder, "the new page");

    expect(kept).toEqual({
      type: "failed",
      reason: "report.html was not saved: the disk is full. Everything saved before is intact.",
    });
    expect(await readFile(folder.report, "utf8")).toBe("the old page");
    expect((await readdir(folder.path)).filter((name) => name.endsWith(".part"))).toEqual([]);
  });

  it("says in a sentence that a place cannot be written to", async () => {
    await writeFile(join(directory, "file"), "");
    const blocked = openRunStore(join(directory, "file"));

    const kept = await blocked.begin({ name: "x", startedWallMs, plan });

    expect(kept).toMatchObject({
      type: "failed",
      reason: expect.stringMatching(
        /^No folder for the run could be made in .*: a part of the path is a file/,
      ),
    });
  });
});

describe("latest", () => {
  it("is a relative link to the newest run", async () => {
    await begin("first");
    const second = await begin("second", startedWallMs + 1);

    expect(await readlink(join(store.directory, "latest"))).toBe("second/2026-11-21T23.43.05.121Z");
    expect(value(await store.find("latest")).path).toBe(second.path);
  });

  it("is a file where links are refused", async () => {
    const refusing = openRunStore(store.directory, { write: writeSynced, link: full("EPERM") });

    const folder = value(await refusing.begin({ name: "x", startedWallMs, plan }));

    expect((await stat(join(store.directory, "latest"))).isFile()).toBe(true);
    expect(value(await store.find("latest")).path).toBe(folder.path);
  });

  it("points to a whole run at every moment while many begin at once", async () => {
    await begin("before");
    const done = new AbortController();
    const looked: (string | null)[] = [];
    const look = async (): Promise<void> => {
      while (!done.signal.aborted) looked.push((await readLatest(store.directory))?.name ?? null);
    };
    const looking = [look(), look(), look()];

    await Promise.all(Array.from({ length: 60 }, (_, index) => begin(`run-${index}`)));
    done.abort();
    await Promise.all(looking);

    expect(looked).not.toContain(null);
    expect((await readdir(store.directory)).filter((name) => name.startsWith("."))).toEqual([]);
  });

  it.each(["../../etc", "/etc/passwd", "a", "a/b/c", "../x/y", ".hidden/x"])(
    "is not believed when it says %j",
    async (target) => {
      await mkdir(store.directory, { recursive: true });
      await symlink(target, join(store.directory, "latest"));

      expect(await store.find("latest")).toEqual({
        type: "failed",
        reason: `There is no run in ${store.directory} yet.`,
      });
    },
  );
});

describe("finding", () => {
  it("knows a name, a name with its start, and a path", async () => {
    await begin("cart");
    const newest = await begin("cart", startedWallMs + 60_000);

    expect(value(await store.find("cart")).path).toBe(newest.path);
    expect(value(await store.find("cart/2026-11-21T23.43.05.120Z")).path).toMatch(/120Z$/);
    expect(value(await store.find(newest.path)).path).toBe(newest.path);
  });

  it.each(["nobody", "cart/never", "../..", "/", "", "cart/../../x"])(
    "says of %j that there is no such run",
    async (which) => {
      await begin("cart");

      expect(await store.find(which)).toMatchObject({
        type: "failed",
        reason: expect.stringContaining("There is no run"),
      });
    },
  );

  it("lists runs newest first, and those without a verdict as such", async () => {
    const done = await begin("b", startedWallMs);
    await begin("a", startedWallMs + 1_000);
    value(await store.saveVerdict(done, stagedRun({ rate: 20 }).record));
    await mkdir(join(store.directory, "no-run", "at-all"), { recursive: true });

    const entries = value(await store.list());

    expect(entries.map(({ name, hasVerdict }) => [name, hasVerdict])).toEqual([
      ["a", false],
      ["b", true],
    ]);
  });

  it("lists nothing where there is nothing", async () => {
    expect(value(await openRunStore(join(directory, "none")).list())).toEqual([]);
  });
});
