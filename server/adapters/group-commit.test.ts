import { expect, test } from "vitest";
import type { EngineWrite } from "./framed-storage.ts";
import { GroupCommit, isDiskFull } from "./group-commit.ts";

test("writes asked for while a commit is under way share the next one, in order", async () => {
  const disk = new ManualDisk();
  const commits = new GroupCommit(partsOf(disk));

  const first = commits.write([put("a")], "synced");
  await disk.started(1);
  const others = ["b", "c", "d"].map((key) => commits.write([put(key)], "synced"));
  disk.finish();
  await first;
  await disk.started(2);
  disk.finish();
  await Promise.all(others);

  expect(disk.commits).toEqual([
    { keys: ["a"], isSynced: true },
    { keys: ["b", "c", "d"], isSynced: true },
  ]);
});

test("no write is acknowledged before its commit has finished", async () => {
  const disk = new ManualDisk();
  const commits = new GroupCommit(partsOf(disk));
  let isAcknowledged = false;

  const write = commits.write([put("a")], "synced").then(() => (isAcknowledged = true));
  await disk.started(1);
  const before = isAcknowledged;
  disk.finish();
  await write;

  expect([before, isAcknowledged]).toEqual([false, true]);
});

test("a group of buffered writes is not synced, and says so; one synced writer syncs all of its group", async () => {
  const disk = new ManualDisk();
  const commits = new GroupCommit(partsOf(disk));

  const buffered = commits.write([put("a")], "buffered");
  await disk.started(1);
  const mixed = [commits.write([put("b")], "buffered"), commits.write([put("c")], "synced")];
  disk.finish();
  await disk.started(2);
  disk.finish();

  expect(await buffered).toEqual({ type: "written", durability: "buffered" });
  expect(await Promise.all(mixed)).toEqual([
    { type: "written", durability: "synced" },
    { type: "written", durability: "synced" },
  ]);
});

test("after a failed commit every later write is refused without touching the disk, and the failure is fatal", async () => {
  const disk = new ManualDisk();
  const commits = new GroupCommit(partsOf(disk));

  const first = commits.write([put("a")], "synced");
  await disk.started(1);
  const waiting = commits.write([put("b")], "synced");
  disk.fail("IO error: fdatasync: Input/output error");

  const expected = { type: "failed", reason: "IO error: fdatasync: Input/output error", fatal: true };
  expect(await first).toEqual(expected);
  expect(await waiting).toEqual(expected);
  expect(await commits.write([put("c")], "synced")).toEqual(expected);
  expect(disk.commits).toHaveLength(1);
});

test("a full disk stops the writes too, but is not fatal", async () => {
  const disk = new ManualDisk();
  const commits = new GroupCommit(partsOf(disk));

  const write = commits.write([put("a")], "synced");
  await disk.started(1);
  disk.fail("IO error: 000003.log: No space left on device");

  expect(await write).toMatchObject({ type: "failed", fatal: false });
  expect(await commits.write([put("b")], "synced")).toMatchObject({ type: "failed", fatal: false });
});

test("what waits for the disk is bounded, in one commit and in all", async () => {
  const disk = new ManualDisk();
  const commits = new GroupCommit(partsOf(disk), { commitBytesMax: 25, waitingBytesMax: 45 });

  const first = commits.write([put("a", 9)], "synced");
  await disk.started(1);
  const waiting = ["b", "c", "d", "e"].map((key) => commits.write([put(key, 9)], "synced"));
  const refused = await commits.write([put("f", 9)], "synced");
  disk.finish();
  await disk.started(2);
  disk.finish();
  await disk.started(3);
  disk.finish();
  await Promise.all([first, ...waiting]);

  expect(refused).toEqual({ type: "failed", reason: "40 bytes already wait for the disk", fatal: false });
  expect(disk.commits.map((commit) => commit.keys)).toEqual([["a"], ["b", "c"], ["d", "e"]]);
});

test("drain resolves when the last write is on the disk", async () => {
  const disk = new ManualDisk();
  const commits = new GroupCommit(partsOf(disk));
  const order: string[] = [];

  const write = commits.write([put("a")], "synced").then(() => order.push("written"));
  const drain = commits.drain().then(() => order.push("drained"));
  await disk.started(1);
  disk.finish();
  await Promise.all([write, drain]);

  expect(order).toEqual(["written", "drained"]);
  await commits.drain();
});

/** A disk whose commits end when the case says so. */
class ManualDisk {
  readonly commits: { keys: string[]; isSynced: boolean }[] = [];
  #end: { resolve: () => void; reject: (reason: Error) => void } | undefined;
  #onStart: { count: number; resolve: () => void } | undefined;

  readonly commit = (writes: readonly EngineWrite[], isSynced: boolean): Promise<void> => {
    this.commits.push({ keys: writes.map((write) => write.key), isSynced });
    const ended = new Promise<void>((resolve, reject) => {
      this.#end = { resolve, reject };
    });
    if (this.#onStart?.count === this.commits.length) this.#onStart.resolve();
    return ended;
  };

  started(count: number): Promise<void> {
    if (this.commits.length >= count) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onStart = { count, resolve };
    });
  }

  finish(): void {
    this.#end?.resolve();
  }

  fail(message: string): void {
    this.#end?.reject(new Error(message));
  }
}

function put(key: string, byteCount = 1): EngineWrite {
  return { type: "put", key, bytes: new Uint8Array(byteCount) };
}

function partsOf(disk: ManualDisk) {
  return { commit: disk.commit, observe: () => undefined, isPassing: isDiskFull };
}
