import { expect, test } from "vitest";
import { type DurabilityMode, demandOf } from "./durability-demand.ts";

const homes = ["b", "c", "a"];

test("fsync asks it of every copy, also of one kept by a stand-in for a home not listed", () => {
  expect(demanded("fsync", 0)).toEqual(["synced", "synced", "synced"]);
  expect(demandOf("fsync", 0, homes)("d")).toBe("synced");
});

test("buffer asks it of nobody, unless the client asks for synced acknowledgements", () => {
  expect(demanded("buffer", 0)).toEqual(["buffered", "buffered", "buffered"]);
  expect(demanded("buffer", 2)).toEqual(["synced", "synced", "buffered"]);
});

test("buffer+one asks it of the most preferred one", () => {
  expect(demanded("buffer+one", 0)).toEqual(["synced", "buffered", "buffered"]);
  expect(demanded("buffer+one", 1)).toEqual(["synced", "buffered", "buffered"]);
  expect(demanded("buffer+one", 3)).toEqual(["synced", "synced", "synced"]);
});

function demanded(mode: DurabilityMode, dw: number) {
  return homes.map(demandOf(mode, dw, homes));
}
