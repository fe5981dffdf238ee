import { join, relative } from "node:path";
import fc from "fast-check";
import { expect, it } from "vitest";
import { parsePlace } from "./latest.ts";
import { folderName, startFolderName } from "./run-name.ts";

const runs = { numRuns: process.env["TIPCART_DEEP"] === "1" ? 20_000 : 1_000 };
const name = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.array(fc.constantFrom("..", "/", ".", "\\", "latest", "-", "a")).map((parts) => parts.join("")),
);

it("makes of any name one folder, of which it makes the same again", () => {
  fc.assert(
    fc.property(name, (text) => {
      const folder = folderName(text);

      expect(relative("/runs", join("/runs", folder))).toBe(folder);
      expect(folder).toMatch(/^[A-Za-z0-9_]([A-Za-z0-9._-]{0,66}[A-Za-z0-9_])?$/);
      expect(folderName(folder)).toBe(folder);
    }),
    runs,
  );
});

it("reads a pointer back only when both of its parts are such names", () => {
  fc.assert(
    fc.property(name, name, (first, second) => {
      const place = parsePlace(`${first}/${second}`);

      expect(place === null || join("/runs", place.name, place.start).split("/").length === 4).toBe(true);
    }),
    runs,
  );
});

it("names starts in the order of time, and any number at all", () => {
  expect(startFolderName(1_000) < startFolderName(2_000)).toBe(true);
  expect(startFolderName(Number.NaN)).toBe("1970-01-01T00.00.00.000Z");
  expect(startFolderName(1e300)).toBe("1970-01-01T00.00.00.000Z");
});
