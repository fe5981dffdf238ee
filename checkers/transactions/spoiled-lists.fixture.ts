/** Known ways to break a right history of list-append, and the anomaly each must be called. */
import {
  aborted,
  concurrently,
  later,
  listOf,
  loneReads,
  operationsOf,
  type Place,
  places,
  type Spoiling,
  withValue,
  writerOf,
} from "./spoiled-history.fixture.ts";

export const listSpoilings: readonly Spoiling[] = [
  {
    workload: "list-append",
    name: "a transaction that was read from is said to have aborted",
    expected: "G1a",
    spoil: (records, choose) => {
      const read = choose(loneReads(records).filter(({ value }) => listOf(value).length > 0));
      return read && aborted(records, writerOf(records, "append", read.key, listOf(read.value)[0] ?? null));
    },
  },
  {
    workload: "list-append",
    name: "an append lies on top of one that is said to have aborted",
    expected: "dirty-update",
    spoil: (records, choose) => {
      const read = choose(
        places(records, "r").filter(({ key, value }) => {
          const [first, ...rest] = listOf(value).map((element) => writerOf(records, "append", key, element));
          return first !== undefined && first >= 0 && rest.some((other) => other >= 0 && other !== first);
        }),
      );
      return read && aborted(records, writerOf(records, "append", read.key, listOf(read.value)[0] ?? null));
    },
  },
  {
    workload: "list-append",
    name: "a read shows what nobody wrote",
    expected: "garbage-read",
    spoil: (records, choose) => {
      const read = choose(loneReads(records));
      return read && withValue(records, read, [...listOf(read.value), 999_999]);
    },
  },
  {
    workload: "list-append",
    name: "a read shows an element twice",
    expected: "duplicate-elements",
    spoil: (records, choose) => {
      const read = choose(loneReads(records).filter(({ value }) => listOf(value).length > 0));
      return read && withValue(records, read, [...listOf(read.value), listOf(read.value)[0] ?? null]);
    },
  },
  {
    workload: "list-append",
    name: "two reads show two elements in two orders",
    expected: "incompatible-order",
    spoil: (records, choose) => {
      const reads = places(records, "r");
      const read = choose(
        loneReads(records).filter(({ record, key, value }) => {
          const size = listOf(value).length;
          const isOther = (other: Place): boolean => other.record !== record && other.key === key;
          return size > 1 && reads.some((other) => isOther(other) && listOf(other.value).length >= size);
        }),
      );
      if (read === undefined) return undefined;
      const list = listOf(read.value);
      return withValue(records, read, [...list.slice(0, -2), list.at(-1) ?? null, list.at(-2) ?? null]);
    },
  },
  {
    workload: "list-append",
    name: "a transaction does not see its own append",
    expected: "internal",
    spoil: (records, choose) => {
      const read = choose(
        places(records, "r").filter(({ record, operation, key }) => {
          const touched = records[record];
          return (
            touched &&
            operationsOf(touched).some(([f, k], at) => f === "append" && k === key && at < operation)
          );
        }),
      );
      return read && withValue(records, read, listOf(read.value).slice(0, -1));
    },
  },
  {
    workload: "list-append",
    name: "a read misses the last append though that had been acknowledged before it began",
    expected: "G-single-item-realtime",
    spoil: (records) =>
      concurrently(later(later(records, [["append", "s", 1]]), [["append", "s", 2]]), [["r", "s", [1]]]),
  },
  {
    workload: "list-append",
    name: "a read ends between two appends of one transaction",
    expected: "G1b",
    spoil: (records) =>
      later(
        later(records, [
          ["append", "i", 1],
          ["append", "i", 2],
        ]),
        [["r", "i", [1]]],
      ),
  },
  {
    workload: "list-append",
    name: "two transactions append to the same version",
    expected: "lost-update",
    spoil: (records) =>
      concurrently(
        records,
        [
          ["r", "u", []],
          ["append", "u", 1],
        ],
        [
          ["r", "u", []],
          ["append", "u", 2],
        ],
      ),
  },
  {
    workload: "list-append",
    name: "two transactions write over one another",
    expected: "G0",
    spoil: (records) =>
      later(
        concurrently(
          records,
          [
            ["append", "a", 1],
            ["append", "b", 1],
          ],
          [
            ["append", "a", 2],
            ["append", "b", 2],
          ],
        ),
        [
          ["r", "a", [1, 2]],
          ["r", "b", [2, 1]],
        ],
      ),
  },
  {
    workload: "list-append",
    name: "information flows in a circle",
    expected: "G1c",
    spoil: (records) =>
      concurrently(
        records,
        [
          ["append", "a", 1],
          ["r", "b", [1]],
        ],
        [
          ["append", "b", 1],
          ["r", "a", [1]],
        ],
      ),
  },
  {
    workload: "list-append",
    name: "two transactions each overwrite what the other read",
    expected: "G2-item",
    spoil: (records) =>
      concurrently(
        records,
        [
          ["r", "a", []],
          ["append", "b", 1],
        ],
        [
          ["r", "b", []],
          ["append", "a", 1],
        ],
      ),
  },
  {
    workload: "list-append",
    name: "a reader sees one half of a transaction",
    expected: "G-single-item",
    spoil: (records) =>
      concurrently(
        records,
        [
          ["append", "a", 1],
          ["append", "b", 1],
        ],
        [
          ["r", "a", [1]],
          ["r", "b", []],
        ],
      ),
  },
  {
    workload: "list-append",
    name: "two readers see two writers in two orders",
    expected: "G-nonadjacent-item",
    spoil: (records) =>
      concurrently(
        records,
        [["append", "a", 1]],
        [["append", "b", 1]],
        [
          ["r", "a", [1]],
          ["r", "b", []],
        ],
        [
          ["r", "a", []],
          ["r", "b", [1]],
        ],
      ),
  },
  {
    workload: "list-append",
    name: "a session does not see what it appended",
    expected: "G-single-item-process",
    spoil: (records) => later(later(records, [["append", "p", 1]]), [["r", "p", []]]),
  },
];
