/** Known ways to break a right history of rw-register, and the anomaly each must be called. */
import {
  aborted,
  concurrently,
  later,
  loneReads,
  type Spoiling,
  withValue,
  writerOf,
} from "./spoiled-history.fixture.ts";

export const registerSpoilings: readonly Spoiling[] = [
  {
    workload: "rw-register",
    name: "a transaction that was read from is said to have aborted",
    expected: "G1a",
    spoil: (records, choose) => {
      const read = choose(loneReads(records).filter(({ value }) => value !== null));
      return read && aborted(records, writerOf(records, "w", read.key, read.value));
    },
  },
  {
    workload: "rw-register",
    name: "a read shows what nobody wrote",
    expected: "garbage-read",
    spoil: (records, choose) => {
      const read = choose(loneReads(records));
      return read && withValue(records, read, 999_999);
    },
  },
  {
    workload: "rw-register",
    name: "a read shows a write that its transaction overwrote",
    expected: "G1b",
    spoil: (records) =>
      later(
        later(records, [
          ["w", "i", 1],
          ["w", "i", 2],
        ]),
        [["r", "i", 1]],
      ),
  },
  {
    workload: "rw-register",
    name: "a transaction does not see its own write",
    expected: "internal",
    spoil: (records) =>
      later(later(records, [["w", "i", 1]]), [
        ["w", "i", 2],
        ["r", "i", 1],
      ]),
  },
  {
    workload: "rw-register",
    name: "two transactions write over the same version",
    expected: "lost-update",
    spoil: (records) =>
      concurrently(
        records,
        [
          ["r", "u", null],
          ["w", "u", 1],
        ],
        [
          ["r", "u", null],
          ["w", "u", 2],
        ],
      ),
  },
  {
    workload: "rw-register",
    name: "a read is stale",
    expected: "G-single-item-process",
    spoil: (records) => later(later(later(records, [["w", "s", 1]]), [["w", "s", 2]]), [["r", "s", 1]]),
  },
  {
    workload: "rw-register",
    name: "a read is stale that another session makes",
    expected: "G-single-item-realtime",
    spoil: (records) =>
      concurrently(later(later(records, [["w", "s", 1]]), [["w", "s", 2]]), [["r", "s", 1]]),
  },
  {
    workload: "rw-register",
    name: "a value is read before it is written",
    expected: "G1c-realtime",
    spoil: (records) => concurrently(later(records, [["r", "f", 1]]), [["w", "f", 1]]),
  },
  {
    workload: "rw-register",
    name: "information flows in a circle",
    expected: "G1c",
    spoil: (records) =>
      concurrently(
        records,
        [
          ["w", "a", 1],
          ["r", "b", 1],
        ],
        [
          ["w", "b", 1],
          ["r", "a", 1],
        ],
      ),
  },
  {
    workload: "rw-register",
    name: "two transactions each overwrite what the other read",
    expected: "G2-item",
    spoil: (records) =>
      concurrently(
        records,
        [
          ["r", "a", null],
          ["w", "b", 1],
        ],
        [
          ["r", "b", null],
          ["w", "a", 1],
        ],
      ),
  },
];
