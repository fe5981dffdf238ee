/**
 * The order in which the elements of each list were appended, which is what makes list-append so strong: one read
 * shows all versions before it (Kingsbury and Alvaro 2020, §4.2). The longest read of a key is its order; elements
 * that no read shows come after it, in an order nobody knows.
 *
 * A version is a key and a length; all versions of all keys are numbered through: version 0 of key k is
 * `first[k]`, and the version after e elements `first[k] + e`.
 */
import type { Atom } from "../exchange/datum.ts";
import { cell, IntegerList } from "../graph/integers.ts";
import type { ListIntake } from "./list-intake.ts";
import { isWrite, keyOf, type TransactionLog } from "./transaction-log.ts";

export type ListVersions = {
  readonly first: Int32Array;
  /** Version -> append of its last element; negative when there is not one such append. */
  readonly appendOf: Int32Array;
  /** Append -> the first version it made, -1 when no order shows it. */
  readonly versionOf: Int32Array;
  /** Appends that may have happened and that no order shows, by key: `unseen[starts[k]] …`. */
  readonly unseen: ReadonlyMap<number, readonly number[]>;
  /** Deviation -> the version that ends in the same element, or -1 when there is none. */
  readonly versionOfDeviation: Int32Array;
  /** Deviations that contradict the order, as opposed to being part of it. */
  readonly isIncompatible: Int32Array;
};

/** Instead of an append: an element that nobody appended, and one that several did (or no element at all). */
export const unwritten = -1;
const contested = -2;

/** Elements of the order of `key`. */
export const orderOf = (intake: ListIntake, key: number): readonly Atom[] => intake.keys[key]?.longest ?? [];

/** Settles the orders; from here on `intake.keys[k].longest` is the order of key k and no longer changes. */
export const listVersions = (log: TransactionLog, intake: ListIntake): ListVersions => {
  settleDeviations(log, intake);
  const first = new Int32Array(intake.keys.length + 1);
  const appendOf = new IntegerList();
  const versionOf = new Int32Array(intake.appendElements.length).fill(-1);
  for (const [key, { longest, appends, shared }] of intake.keys.entries()) {
    appendOf.push(contested);
    for (const element of longest) {
      const append = shared.has(element) ? contested : (appends.get(element) ?? unwritten);
      if (append >= 0 && cell(versionOf, append) < 0) versionOf[append] = appendOf.length;
      appendOf.push(append);
    }
    first[key + 1] = appendOf.length;
  }
  const versionOfDeviation = new Int32Array(intake.deviations.length);
  const isIncompatible = new Int32Array(intake.deviations.length);
  for (const [number, { key, list }] of intake.deviations.entries()) {
    const order = orderOf(intake, key);
    const place = order.lastIndexOf(list.at(-1) ?? null);
    versionOfDeviation[number] = place < 0 ? -1 : (first[key] ?? 0) + place + 1;
    isIncompatible[number] = isPrefix(list, order) ? 0 : 1;
  }
  const unseen = unseenOf(log, versionOf);
  return { first, appendOf: appendOf.view(), versionOf, unseen, versionOfDeviation, isIncompatible };
};

/**
 * A deviation longer than what was taken for the order becomes the order. The reads that were kept as prefixes of
 * the old one become deviations where the two differ.
 */
const settleDeviations = (log: TransactionLog, intake: ListIntake): void => {
  const old = new Map<number, readonly Atom[]>();
  for (const { key, list } of intake.deviations) {
    const known = intake.keys[key];
    if (known === undefined || list.length <= known.longest.length) continue;
    if (!old.has(key)) old.set(key, known.longest);
    known.longest = list;
  }
  if (old.size === 0) return;
  for (let place = 0; place < log.codes.length; place++) {
    const code = log.codes.at(place);
    const length = log.values.at(place);
    const list = isWrite(code) || length < 0 ? undefined : old.get(keyOf(code))?.slice(0, length);
    if (list === undefined || isPrefix(list, orderOf(intake, keyOf(code)))) continue;
    log.values.set(place, -intake.deviations.push({ key: keyOf(code), list }));
  }
};

const isPrefix = (list: readonly Atom[], order: readonly Atom[]): boolean =>
  list.length <= order.length && list.every((element, place) => element === order[place]);

/** Appends that may have happened and that no order shows. */
const unseenOf = (log: TransactionLog, versionOf: Int32Array): ReadonlyMap<number, readonly number[]> => {
  const unseen = new Map<number, number[]>();
  for (let transaction = 0; transaction < log.count; transaction++) {
    if (!log.mayHaveHappened(transaction)) continue;
    for (let place = log.starts.at(transaction); place < log.starts.at(transaction + 1); place++) {
      const code = log.codes.at(place);
      const append = log.values.at(place);
      if (!isWrite(code) || cell(versionOf, append) >= 0) continue;
      const known = unseen.get(keyOf(code));
      if (known === undefined) unseen.set(keyOf(code), [append]);
      else known.push(append);
    }
  }
  return unseen;
};

/** The version a read's value in the log stands for; -1 when no order has it. */
export const versionRead = (versions: ListVersions, key: number, value: number): number =>
  value >= 0 ? cell(versions.first, key) + value : cell(versions.versionOfDeviation, -1 - value);
