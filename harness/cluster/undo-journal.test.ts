import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { streamOf } from "../../workloads/generator/stream.ts";
import { buildDiskShim, NodeDisk, soundDisk } from "./disk-shim.ts";
import { type PowerLoss, pendingChanges } from "./undo-journal.ts";
import { takeBack, type Undone } from "./undo-playback.ts";

const shim = await buildDiskShim();
const reason = shim.type === "unavailable" ? shim.reason : "";

let directory: string;
let data: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "tipcart-disk-"));
  data = join(directory, "data");
  mkdirSync(data);
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function diskOf(): NodeDisk {
  if (shim.type === "unavailable") throw new Error(shim.reason);
  return new NodeDisk(shim.library, join(directory, "disk"), data);
}

/** Runs `script`, with `fs` and `at(name)`, on the disk; what it says on standard output. */
async function onDisk(disk: NodeDisk, script: string): Promise<string> {
  const prelude = `const fs = require("node:fs"); const at = (name) => ${JSON.stringify(data)} + "/" + name;
    const append = (name, text, isSynced) => {
      const file = fs.openSync(at(name), "a"); fs.writeSync(file, text);
      if (isSynced) fs.fsyncSync(file); fs.closeSync(file); };`;
  const { stdout } = await promisify(execFile)(process.execPath, ["-e", prelude + script], {
    env: { PATH: process.env["PATH"], ...disk.environment(undefined) },
  });
  return stdout.trim();
}

const asItWas = (name: string): [string, string] => [name, `${name} as it was`];
const cut = (disk: NodeDisk, loss: PowerLoss = "whole", seed = 1): Undone =>
  takeBack(disk, loss, streamOf(seed, "cut"));
const files = (): Record<string, string> =>
  Object.fromEntries(readdirSync(data).map((name) => [name, readFileSync(join(data, name), "utf8")]));

describe.skipIf(shim.type === "unavailable")(`a disk that loses what was not synced ${reason}`, () => {
  it("keeps what was synced and loses what was appended after that", async () => {
    const disk = diskOf();
    await onDisk(disk, `append("log", "kept", true); append("log", " lost", false);`);

    const undone = cut(disk);

    expect(files()).toEqual({ log: "kept" });
    expect(undone).toEqual({ pendingCount: 1, lostCount: 1, lostBytes: 5, flippedBytes: 0 });
    expect(disk.counts()).toMatchObject({ writes: 2, syncs: 1, failures: 0 });
  });

  it("brings back what was written over, cut off, renamed over and deleted", async () => {
    const disk = diskOf();
    await onDisk(
      disk,
      `for (const name of ["over", "short", "target", "gone", "emptied"]) append(name, name + " as it was", true);
       append("new name", "fresh", true);
       const file = fs.openSync(at("over"), "r+"); fs.writeSync(file, "XXXX", 2); fs.writeSync(file, "YY", 0); fs.closeSync(file);
       fs.truncateSync(at("short"), 3);
       fs.renameSync(at("new name"), at("target"));
       fs.unlinkSync(at("gone"));
       fs.writeFileSync(at("emptied"), "other");
       append("never synced", "text", false);`,
    );

    cut(disk);

    expect(files()).toEqual({
      ...Object.fromEntries(["over", "short", "target", "gone", "emptied"].map(asItWas)),
      "new name": "fresh",
    });
  });

  it("keeps names that came before a sync of any file, and the bytes of that file alone", async () => {
    const disk = diskOf();
    await onDisk(disk, `append("a", "lost", false); append("b", "kept", true);`);

    cut(disk);

    expect(files()).toEqual({ a: "", b: "kept" });
  });

  it("loses nothing that went through a descriptor which syncs each write", async () => {
    const disk = diskOf();
    await onDisk(
      disk,
      `append("a", "", true);
       const file = fs.openSync(at("a"), fs.constants.O_WRONLY | fs.constants.O_DSYNC); fs.writeSync(file, "kept");`,
    );

    expect(cut(disk).pendingCount).toBe(0);
    expect(files()).toEqual({ a: "kept" });
  });

  it("remembers over a kill and a new start what is still not synced", async () => {
    const disk = diskOf();
    await onDisk(
      disk,
      `append("log", "kept", true); append("log", " lost", false); process.kill(process.pid, 9);`,
    ).catch(() => {});
    await onDisk(disk, `append("log", " too", false);`);

    cut(disk);

    expect(files()).toEqual({ log: "kept" });
  });

  it("empties its journal when everything is synced", async () => {
    const disk = diskOf();

    await onDisk(
      disk,
      `for (let i = 0; i < 100; i++) append("log", "x".repeat(1000), true); fs.unlinkSync(at("log"));
      append("other", "y", true);`,
    );

    expect(readFileSync(join(disk.journalDirectory, "journal")).length).toBe(0);
    expect(readdirSync(disk.journalDirectory)).toEqual(["journal"]);
  });

  it("tears a write in the middle, or keeps a later write and leaves zeros before it", async () => {
    const seen = new Set<string>();
    for (const [loss, seed] of [1, 2, 3, 4, 5, 6].flatMap((n) => [
      ["torn", n] as const,
      ["part", n] as const,
    ])) {
      rmSync(data, { recursive: true });
      mkdirSync(data);
      const disk = diskOf();
      await onDisk(disk, `append("log", "0", true); append("log", "11", false); append("log", "22", false);`);

      cut(disk, loss, seed);

      seen.add(`${loss} ${files()["log"]}`.replaceAll("\0", "_"));
    }

    const torn = ["torn 01", "torn 0112", "torn 0", "torn 011", "torn 01122"];
    const part = ["part 0", "part 011", "part 01122", "part 0__22"];
    expect([...seen].filter((one) => ![...torn, ...part].includes(one))).toEqual([]);
    expect(seen.has("torn 01") || seen.has("torn 0112")).toBe(true);
    expect(seen.has("part 0__22")).toBe(true);
  });

  it("fails calls with what it is told, counts them, and is sound again afterwards", async () => {
    const disk = diskOf();
    const attempt = `try { append("log", "x", true); fs.readFileSync(at("log")); console.log("done"); } catch (e) { console.log(e.code, e.syscall); }`;

    const told = [];
    for (const orders of [
      { writeErrno: 5 },
      { writeErrno: constants.errno.EROFS },
      { writeErrno: constants.errno.EFBIG },
      { syncErrno: 5 },
      { readErrno: 5 },
      { openErrno: 24 },
      {},
    ]) {
      disk.order({ ...soundDisk, ...orders });
      told.push(await onDisk(disk, attempt));
    }

    expect(told).toEqual([
      "EIO write",
      "EROFS write",
      "EFBIG write",
      "EIO fsync",
      "EIO read",
      "EMFILE open",
      "done",
    ]);
    expect(disk.counts().failures).toBe(6);
  });

  it("writes half before it is full, and is late when it is slow", async () => {
    const disk = diskOf();
    disk.order({ ...soundDisk, writeErrno: 28, delayUs: 20_000 });

    const told = await onDisk(
      disk,
      `const file = fs.openSync(at("log"), "a"); const before = performance.now();
       console.log(fs.writeSync(file, "1234")); try { fs.writeFileSync(file, "3456"); } catch (e) { console.log(e.code); }
       console.log(performance.now() - before >= 40);`,
    );

    expect(told.split("\n")).toEqual(["2", "ENOSPC", "true"]);
    expect(files()).toEqual({ log: "12345" });
    // How often Node asks again is its own affair.
    const { failures, delays } = disk.counts();
    expect(failures).toBeGreaterThanOrEqual(2);
    expect(delays).toBeGreaterThan(failures);
  });

  it("refuses a descriptor's file to be copied behind its back, and the copy is still made", async () => {
    const disk = diskOf();
    writeFileSync(join(directory, "source"), "copied");

    await onDisk(disk, `fs.copyFileSync(${JSON.stringify(join(directory, "source"))}, at("copy"));`);

    expect(files()).toEqual({ copy: "copied" });
    cut(disk);
    expect(files()).toEqual({});
  });
});

describe("a disk whose bits flip as the power goes", () => {
  it("gives back large files with single bits changed in their middle, and small ones as they were", () => {
    const journalDirectory = join(directory, "journal");
    mkdirSync(journalDirectory);
    const synced = new Uint8Array(256 * 1024).fill(7);
    writeFileSync(join(data, "table"), synced);
    writeFileSync(join(data, "name"), "as it was");

    const undone = takeBack({ dataDirectory: data, journalDirectory }, "flipped", streamOf(1, "cut"));

    const changed = [...readFileSync(join(data, "table")).entries()].filter(([, byte]) => byte !== 7);
    expect(changed).toHaveLength(4);
    expect(changed.every(([at, byte]) => at >= 64 * 1024 && at < 192 * 1024 && isPowerOfTwo(byte ^ 7))).toBe(
      true,
    );
    expect(undone).toEqual({ pendingCount: 0, lostCount: 0, lostBytes: 0, flippedBytes: 4 });
    expect(readFileSync(join(data, "name"), "utf8")).toBe("as it was");
  });
});

const isPowerOfTwo = (bits: number): boolean => bits !== 0 && (bits & (bits - 1)) === 0;

describe("an undo journal", () => {
  it("that ends in half a record, or holds nothing, is read as far as it goes", () => {
    expect(pendingChanges(new Uint8Array())).toEqual([]);
    expect(pendingChanges(new Uint8Array(200).fill(7))).toEqual([]);
  });
});
