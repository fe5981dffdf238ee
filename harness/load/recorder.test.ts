import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { build } from "esbuild";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { HistoryEvent } from "../../checkers/history/event.ts";
import { encodeEvent, type JournalItem, JournalReader } from "../../checkers/history/journal.ts";
import { projectRoot } from "../bundle/project-root.ts";
import { ManualClock } from "../client/manual-clock.fixture.ts";
import { type JournalFile, Recorder } from "./recorder.ts";

const event = (at: number): HistoryEvent => ({
  type: "load",
  at,
  lagUsMax: 0,
  loopStallUsMax: 0,
  inFlight: 0,
  dropped: 0,
});
const frameBytes = encodeEvent(event(1)).length;

const itemsIn = (bytes: Uint8Array): JournalItem[] => {
  const reader = new JournalReader();
  return [...reader.push(bytes), ...reader.end()];
};

const timesIn = (bytes: Uint8Array): number[] =>
  itemsIn(bytes).flatMap((item) =>
    item.type === "event" && item.event.type === "load" ? [item.event.at] : [],
  );

/** A disk in memory that holds `capacity` bytes, and takes at most `writeMax` of them at once. */
class SmallDisk implements JournalFile {
  readonly length = 0;
  bytes = Buffer.alloc(0);
  writeCount = 0;
  readonly #capacity: number;
  readonly #writeMax: number;

  constructor(capacity = Infinity, writeMax = Infinity) {
    this.#capacity = capacity;
    this.#writeMax = writeMax;
  }

  write(bytes: Uint8Array): Promise<number> {
    this.writeCount += 1;
    const space = Math.min(this.#capacity - this.bytes.length, this.#writeMax);
    if (space <= 0) return Promise.reject(new Error("ENOSPC: no space left on device, write"));
    this.bytes = Buffer.concat([this.bytes, bytes.subarray(0, space)]);
    return Promise.resolve(Math.min(space, bytes.length));
  }

  truncate(length: number): Promise<void> {
    this.bytes = this.bytes.subarray(0, length);
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

describe("a recorder", () => {
  let clock: ManualClock;
  let failures: string[];
  const recorderOn = (disk: JournalFile): Recorder =>
    new Recorder(disk, { clock, onFailure: (sentence) => failures.push(sentence) });

  beforeEach(() => {
    clock = new ManualClock();
    failures = [];
  });

  it("hands events to the kernel well within 50 ms, many at once", () => {
    const disk = new SmallDisk();
    const recorder = recorderOn(disk);
    recorder.append(event(1));
    clock.advance(20);
    recorder.append(event(2));
    const before = disk.writeCount;

    clock.advance(20);

    expect(before).toBe(0);
    expect(disk.writeCount).toBe(1);
    expect(timesIn(disk.bytes)).toEqual([1, 2]);
  });

  it("does not wait once 64 KiB have gathered", () => {
    const disk = new SmallDisk();
    const recorder = recorderOn(disk);

    for (let at = 0; at * frameBytes < 64 * 1024; at++) recorder.append(event(at));

    expect(disk.writeCount).toBe(1);
  });

  it("keeps the order when the disk takes small pieces", async () => {
    const disk = new SmallDisk(Infinity, 7);
    const recorder = recorderOn(disk);
    for (let at = 0; at < 20; at++) recorder.append(event(at));
    const flushed = recorder.flush();
    recorder.append(event(20));
    await flushed;
    await recorder.close();

    expect(timesIn(disk.bytes)).toEqual(Array.from({ length: 21 }, (_, at) => at));
  });

  it("stops with one sentence on a full disk, and leaves whole events behind", async () => {
    const disk = new SmallDisk(Math.floor(frameBytes * 2.5));
    const recorder = recorderOn(disk);
    recorder.append(event(1));
    await recorder.flush();
    for (const at of [2, 3, 4]) recorder.append(event(at));
    await recorder.flush();
    recorder.append(event(5));
    await recorder.close();

    expect(failures).toEqual([
      "The journal cannot be written any more (ENOSPC: no space left on device, write); it ends with its last whole event.",
    ]);
    expect(itemsIn(disk.bytes)).toMatchObject([{ type: "event", event: { at: 1 } }]);
  });

  it("stops when more waits than a disk can ever catch up with", () => {
    const stuck: JournalFile = {
      length: 0,
      write: () => new Promise(() => {}),
      truncate: () => Promise.resolve(),
      close: () => Promise.resolve(),
    };
    const recorder = recorderOn(stuck);
    const large: HistoryEvent = { type: "end", at: 1, reason: "completed", note: "x".repeat(1024 * 1024) };

    for (let count = 0; count < 70; count++) recorder.append(large);

    expect(failures).toEqual([
      "The disk does not keep up with the journal: 64 MiB of events wait to be written.",
    ]);
  });
});

describe("a journal on a real disk", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "tipcart-recorder-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("is continued by whoever opens it next", async () => {
    const path = join(folder, "history.journal");
    await writeFile(path, encodeEvent(event(1)));

    const recorder = await Recorder.open(path, { clock: new ManualClock(), onFailure: () => {} });
    recorder.append(event(2));
    await recorder.close();

    expect(timesIn(await readFile(path))).toEqual([1, 2]);
  });

  it("says why when the device is full", async () => {
    const failures: string[] = [];
    const onFailure = (sentence: string): void => void failures.push(sentence);
    const recorder = await Recorder.open("/dev/full", { clock: new ManualClock(), onFailure });
    recorder.append(event(1));
    await recorder.close();

    expect(failures.join()).toContain("no space left on device");
  });

  it("holds everything that had reached the kernel when its writer is killed", async () => {
    const path = join(folder, "history.journal");
    const program = join(projectRoot(), ".build", `recorder-child-${process.pid}.js`);
    await build({
      entryPoints: [join(import.meta.dirname, "recorder-child.fixture.ts")],
      bundle: true,
      platform: "node",
      format: "esm",
      packages: "external",
      outfile: program,
    });
    const child = spawn(process.execPath, [program, path], { stdio: ["ignore", "pipe", "inherit"] });
    let kept = -1;
    for await (const line of createInterface({ input: child.stdout })) {
      kept = Number(line);
      if (kept > 5_000 && !child.killed) child.kill("SIGKILL");
    }
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    await rm(program);

    const items = itemsIn(await readFile(path));
    const times = items.flatMap((item) =>
      item.type === "event" && "at" in item.event ? [item.event.at] : [],
    );

    expect(child.signalCode).toBe("SIGKILL");
    expect(times.length).toBeGreaterThan(kept);
    expect(times.every((at, index) => at === index)).toBe(true);
    expect(items.filter(({ type }) => type === "damaged")).toEqual([]);
  });
});
