import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ClassicLevel } from "classic-level";
import { beforeAll, describe, expect, test } from "vitest";
import { damageOfLog } from "./level-log.ts";

let log: Uint8Array = new Uint8Array();

/** The engine's own log of 200 batches, some of which run over the end of a block, without the last byte of any. */
beforeAll(async () => {
  const directory = await mkdtemp(join(tmpdir(), "tipcart-log-"));
  const level = new ClassicLevel<string, Uint8Array>(directory, { valueEncoding: "view" });
  for (let count = 0; count < 200; count += 1) {
    await level.put(`key ${count}`, new Uint8Array(100 + 13 * count).fill(count + 1), { sync: true });
  }
  await level.close();
  const name = (await readdir(directory)).find((file) => file.endsWith(".log")) ?? "";
  log = await readFile(join(directory, name));
  await rm(directory, { recursive: true });
});

describe("a log of LevelDB", () => {
  test("as the engine wrote it is whole", () => {
    expect(log.length).toBeGreaterThan(200_000);
    expect(damageOfLog(log)).toBeUndefined();
  });

  test("is damaged wherever one bit of it is another", () => {
    const missed: number[] = [];
    // Nothing checks the few zeros at the end of a block, and nothing is lost with them.
    for (let at = 0; at < log.length - 3000; at += 997) {
      const flipped = Uint8Array.from(log);
      flipped[at] = (flipped[at] ?? 0) ^ 0x10;
      if (damageOfLog(flipped) === undefined && 32_768 - (at % 32_768) > 7) missed.push(at);
    }

    expect(missed).toEqual([]);
  });

  test("that was cut off anywhere was being written, which is no damage", () => {
    const wrong: number[] = [];
    for (let end = 0; end < log.length; end += 1009) {
      if (damageOfLog(log.subarray(0, end)) !== undefined) wrong.push(end);
    }

    expect(wrong).toEqual([]);
  });

  test("with zeros behind its last append, as after a power cut, is not damaged; with zeros over one it is", () => {
    const end = Uint8Array.from(log).fill(0, log.length - 40_000);
    const middle = Uint8Array.from(log).fill(0, 65_536, 98_304);
    const wholeEnd = new Uint8Array(log.length + 10_000);
    wholeEnd.set(log);

    expect(damageOfLog(wholeEnd)).toBeUndefined();
    expect(damageOfLog(middle)).toMatch(/^its log is damaged at byte \d+$/);
    expect(damageOfLog(end)).toMatch(/^its log is damaged at byte \d+$/);
  });

  test("with two of its blocks swapped, or one of them twice, is damaged", () => {
    const block = (index: number) => log.slice(index * 32_768, (index + 1) * 32_768);
    const swapped = Uint8Array.from(log);
    swapped.set(block(2), 32_768);
    swapped.set(block(1), 65_536);
    const twice = Uint8Array.from(log);
    twice.set(block(1), 65_536);

    expect(damageOfLog(swapped)).toBeDefined();
    expect(damageOfLog(twice)).toBeDefined();
  });
});
