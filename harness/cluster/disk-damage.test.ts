import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { streamOf } from "../../workloads/generator/stream.ts";
import { copyDirectory, damageFiles, difference, digestsOf, fileDamages } from "./disk-damage.ts";

const large = Buffer.from(Array.from({ length: 150_000 }, (_, index) => 1 + (index % 250)));

let directory: string;
let data: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "tipcart-damage-"));
  data = join(directory, "data");
  mkdirSync(data);
  writeFileSync(join(data, "large"), large);
  writeFileSync(join(data, "small"), "small");
  writeFileSync(join(data, "LOG"), Buffer.alloc(500_000, 1));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const stream = (seed = 1) => streamOf(seed, "damage");
const bytesOf = (name: string): Buffer => readFileSync(join(data, name));
const changedAt = (now: Buffer): readonly number[] => [...now.keys()].filter((at) => now[at] !== large[at]);

it("a wiped disk holds nothing", () => {
  const before = digestsOf(data);

  damageFiles(data, "wiped", stream());

  expect(digestsOf(data).size).toBe(0);
  expect(difference(before, digestsOf(data))).toBe(
    "of 3 files 3 gone, 0 with another digest, 0 new; 650005 bytes became 0",
  );
});

it("single bits flip, one in each 64 KiB of the largest file that means something", () => {
  damageFiles(data, "flip", stream());

  const changed = changedAt(bytesOf("large"));
  expect(changed.map((at) => Math.floor(at / 65_536))).toEqual([0, 1, 2]);
  const bits = changed.map((at) => (bytesOf("large")[at] ?? 0) ^ (large[at] ?? 0));
  expect(bits.every((bit) => bit > 0 && (bit & (bit - 1)) === 0)).toBe(true);
});

it("a tail is cut off, up to half of the file", () => {
  damageFiles(data, "truncate", stream());

  const now = bytesOf("large");
  expect(now.length).toBeGreaterThanOrEqual(75_000);
  expect(now.length).toBeLessThan(150_000);
  expect(now.equals(large.subarray(0, now.length))).toBe(true);
});

it("one block becomes zeros, and never one that is zeros already", () => {
  damageFiles(data, "zeroed", stream());
  const once = changedAt(bytesOf("large"));
  for (let left = Math.ceil(150_000 / 4096) - 1; left > 0; left -= 1) damageFiles(data, "zeroed", stream());

  expect(once.length).toBe(4096);
  expect((once[0] ?? 0) % 4096).toBe(0);
  expect(bytesOf("large").every((byte) => byte === 0)).toBe(true);
});

it("two files stand in each other's place", () => {
  damageFiles(data, "swapped", stream());

  expect(bytesOf("large").toString()).toBe("small");
  expect(bytesOf("small").equals(large)).toBe(true);
});

it.each(fileDamages)("what was %s shows in the digests, and goes with the seed alone", (damage) => {
  const before = digestsOf(data);
  const spare = join(directory, "spare");
  copyDirectory(data, spare);

  damageFiles(data, damage, stream(7));
  damageFiles(spare, damage, stream(7));

  expect(difference(before, digestsOf(data))).toBeDefined();
  expect(digestsOf(spare)).toEqual(digestsOf(data));
});

it("an old copy takes the place of all that came later", () => {
  const backup = join(directory, "backup");
  copyDirectory(data, backup);
  const before = digestsOf(data);
  writeFileSync(join(data, "small"), "later");
  writeFileSync(join(data, "new"), "later");

  copyDirectory(backup, data);

  expect(difference(before, digestsOf(data))).toBeUndefined();
});

it("a disk without files to damage is refused", () => {
  damageFiles(data, "wiped", stream());

  expect(() => damageFiles(data, "flip", stream())).toThrow("holds no file");
});
