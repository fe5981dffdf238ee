/**
 * What is wrong with single versions, before any cycle is looked for (Adya 1999, G1a and G1b; Kingsbury and Alvaro
 * 2020, §4.3 and §6): aborted and intermediate reads, elements nobody appended, elements that are there twice,
 * reads that no order fits, acknowledged appends on top of aborted ones, and updates that were lost.
 *
 * A version is judged once and its verdict applied to every read of it, so the work is one step a read.
 */
import { type Atom, atomText } from "../exchange/datum.ts";
import { cell } from "../graph/integers.ts";
import type { AnomalyList } from "./anomaly-list.ts";
import { type Deviation, type ListIntake, listText } from "./list-intake.ts";
import { type ListVersions, orderOf, unwritten } from "./list-versions.ts";
import { isWrite, keyOf, type TransactionLog } from "./transaction-log.ts";

type Context = {
  readonly log: TransactionLog;
  readonly intake: ListIntake;
  readonly versions: ListVersions;
  readonly anomalies: AnomalyList;
};

export const findListAnomalies = (context: Context): void => {
  const aborted = firstBad(context, (append) => append >= 0 && !appendMayHaveHappened(context, append));
  const garbage = firstBad(context, (append) => append === unwritten);
  findOrderAnomalies(context);
  for (const deviation of context.intake.deviations.keys()) findDeviationAnomalies(context, deviation);
  forEachRead(context, (transaction, key, version) => {
    const start = cell(context.versions.first, key);
    if (version > start + cell(aborted, key))
      report(context, "G1a", transaction, key, start + cell(aborted, key) + 1);
    if (version > start + cell(garbage, key))
      report(context, "garbage-read", transaction, key, start + cell(garbage, key) + 1);
    const append = cell(context.versions.appendOf, version);
    if (append >= 0 && context.intake.appendIsIntermediate.at(append) === 1) {
      if (context.intake.appendTransactions.at(append) !== transaction)
        report(context, "G1b", transaction, key, version);
    }
  });
  findLostUpdates(context);
};

const appendMayHaveHappened = ({ log, intake }: Context, append: number): boolean =>
  log.mayHaveHappened(intake.appendTransactions.at(append));

/** Key -> number of elements before the first bad one; so many that no read is beyond it when there is none. */
const firstBad = ({ intake, versions }: Context, isBad: (append: number) => boolean): Int32Array => {
  const first = new Int32Array(intake.keys.length).fill(0x3fffffff);
  for (let key = 0; key < intake.keys.length; key++) {
    for (let version = cell(versions.first, key) + 1; version < cell(versions.first, key + 1); version++) {
      if (!isBad(cell(versions.appendOf, version))) continue;
      first[key] = version - 1 - cell(versions.first, key);
      break;
    }
  }
  return first;
};

/** Calls `visit` for each read of a list that is a prefix of its key's order. */
const forEachRead = (
  { log, versions }: Context,
  visit: (transaction: number, key: number, version: number) => void,
): void => {
  for (let transaction = 0; transaction < log.count; transaction++) {
    for (let place = log.starts.at(transaction); place < log.starts.at(transaction + 1); place++) {
      const code = log.codes.at(place);
      const length = log.values.at(place);
      if (isWrite(code) || length < 0) continue;
      visit(transaction, keyOf(code), cell(versions.first, keyOf(code)) + length);
    }
  }
};

const keyText = ({ intake }: Context, key: number): string => atomText(intake.keys[key]?.name ?? null);

const elementOf = ({ intake, versions }: Context, key: number, version: number): string =>
  atomText(orderOf(intake, key)[version - cell(versions.first, key) - 1] ?? null);

const report = (
  context: Context,
  type: "G1a" | "G1b" | "garbage-read",
  transaction: number,
  key: number,
  version: number,
): void => {
  context.anomalies.add(type, () => {
    const append = cell(context.versions.appendOf, version);
    const element = elementOf(context, key, version);
    const writer = append < 0 ? -1 : context.intake.appendTransactions.at(append);
    const what = {
      G1a: `which T${writer} appended and then aborted`,
      G1b: `as the last element, though its writer T${writer} appended more`,
      "garbage-read": "which nobody appended",
    }[type];
    return {
      key: keyText(context, key),
      sentence: `T${transaction} read ${element} in ${keyText(context, key)}, ${what}.`,
      story: [],
      requests: writer < 0 ? [transaction] : [writer, transaction],
    };
  });
};

/** Twice the same element in an order, and acknowledged appends behind aborted ones. */
const findOrderAnomalies = (context: Context): void => {
  const { log, intake, versions, anomalies } = context;
  for (let key = 0; key < intake.keys.length; key++) {
    findDuplicates(context, key, orderOf(intake, key));
    let abortedBy = -1;
    for (let version = cell(versions.first, key) + 1; version < cell(versions.first, key + 1); version++) {
      const append = cell(versions.appendOf, version);
      if (append < 0) continue;
      const writer = intake.appendTransactions.at(append);
      if (!log.mayHaveHappened(writer)) abortedBy = writer;
      else if (abortedBy >= 0 && log.isOk(writer)) {
        const aborted = abortedBy;
        anomalies.add("dirty-update", () => ({
          key: keyText(context, key),
          sentence: `T${writer} appended ${elementOf(context, key, version)} to ${keyText(context, key)} behind what T${aborted} appended and aborted.`,
          story: [],
          requests: [aborted, writer],
        }));
        break;
      }
    }
  }
};

const findDuplicates = (context: Context, key: number, list: readonly Atom[]): void => {
  const distinct = new Set(list);
  if (distinct.size === list.length) return;
  const twice = list.find((element, place) => list.indexOf(element) !== place) ?? null;
  context.anomalies.add("duplicate-elements", () => ({
    key: keyText(context, key),
    sentence: `${atomText(twice)} is in ${keyText(context, key)} more than once: ${listText(list)}.`,
    story: [],
    requests: [],
  }));
};

const findDeviationAnomalies = (context: Context, number: number): void => {
  const { intake, versions, anomalies } = context;
  const deviation = intake.deviations[number];
  if (deviation === undefined || cell(versions.isIncompatible, number) === 0) return;
  const { key, list } = deviation;
  anomalies.add("incompatible-order", () => ({
    key: keyText(context, key),
    sentence: `${keyText(context, key)} was read as ${listText(list)} and as ${listText(orderOf(intake, key))}, and neither is a prefix of the other.`,
    story: [],
    requests: [],
  }));
  findDuplicates(context, key, list);
  findBadElements(context, deviation);
};

const findBadElements = (context: Context, { key, list }: Deviation): void => {
  for (const element of list) {
    const append = context.intake.keys[key]?.appends.get(element);
    if (append !== undefined && appendMayHaveHappened(context, append)) continue;
    const type = append === undefined ? "garbage-read" : "G1a";
    const by = append === undefined ? "nobody appended" : "an aborted transaction appended";
    context.anomalies.add(type, () => ({
      key: keyText(context, key),
      sentence: `A read of ${keyText(context, key)} has ${atomText(element)}, which ${by}: ${listText(list)}.`,
      story: [],
      requests: append === undefined ? [] : [context.intake.appendTransactions.at(append)],
    }));
    return;
  }
};

/** Two acknowledged transactions that read the same version of a key and appended to it. */
const findLostUpdates = (context: Context): void => {
  const { log, versions, anomalies } = context;
  const updatedBy = new Int32Array(versions.appendOf.length).fill(-1);
  const readVersion = new Map<number, number>();
  for (let transaction = 0; transaction < log.count; transaction++) {
    if (!log.isOk(transaction) || log.starts.at(transaction + 1) - log.starts.at(transaction) < 2) continue;
    readVersion.clear();
    for (let place = log.starts.at(transaction); place < log.starts.at(transaction + 1); place++) {
      const key = keyOf(log.codes.at(place));
      const value = log.values.at(place);
      if (!isWrite(log.codes.at(place))) {
        if (value >= 0 && !readVersion.has(key)) readVersion.set(key, cell(versions.first, key) + value);
        continue;
      }
      const version = readVersion.get(key) ?? -1;
      readVersion.set(key, -1);
      if (version < 0) continue;
      const rival = cell(updatedBy, version);
      updatedBy[version] = transaction;
      if (rival < 0) continue;
      anomalies.add("lost-update", () => ({
        key: keyText(context, key),
        sentence: `T${rival} and T${transaction} both read ${keyText(context, key)} with ${version - cell(versions.first, key)} elements and both appended to it.`,
        story: [],
        requests: [rival, transaction],
      }));
    }
  }
};
