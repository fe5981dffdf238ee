/** Tells list-append transactions, and on which two micro-operations a dependency rests. */
import { atomText } from "../exchange/datum.ts";
import type { CycleStep } from "../graph/cycle.ts";
import { edgeKind } from "../graph/edge-kind.ts";
import type { Narrator } from "../graph/explanation.ts";
import { cell } from "../graph/integers.ts";
import { type ListIntake, listText } from "./list-intake.ts";
import { type ListVersions, orderOf, versionRead } from "./list-versions.ts";
import { isWrite, keyOf, type TransactionLog } from "./transaction-log.ts";
import { narratorOf } from "./transaction-narrator.ts";

export const listNarrator = (log: TransactionLog, lists: ListIntake, versions: ListVersions): Narrator => {
  const keyName = (key: number): string => atomText(lists.keys[key]?.name ?? null);
  const listRead = (key: number, value: number) =>
    value >= 0 ? orderOf(lists, key).slice(0, value) : (lists.deviations[-1 - value]?.list ?? []);
  const operation = (place: number): string => {
    const code = log.codes.at(place);
    const value = log.values.at(place);
    const key = keyName(keyOf(code));
    if (isWrite(code)) return `appended ${atomText(lists.appendElements[value] ?? null)} to ${key}`;
    return `read ${key} as ${listText(listRead(keyOf(code), value))}`;
  };
  return narratorOf(log, { operation, reason: (step) => reasonOf(step, log, versions, operation) });
};

/** Finds the two micro-operations that an edge of the data rests on. */
const reasonOf = (
  { from, to, kind }: CycleStep,
  log: TransactionLog,
  versions: ListVersions,
  operation: (place: number) => string,
): { readonly clause: string; readonly key?: string } | undefined => {
  const relation = {
    [edgeKind.ww]: "which came to stand behind it",
    [edgeKind.wr]: "and so saw it last",
    [edgeKind.rw]: "which is not yet in there",
  }[kind];
  if (relation === undefined) return undefined;
  const writesFirst = kind !== edgeKind.rw;
  const writesSecond = kind !== edgeKind.wr;
  for (let a = log.starts.at(from); a < log.starts.at(from + 1); a++) {
    if (isWrite(log.codes.at(a)) !== writesFirst) continue;
    for (let b = log.starts.at(to); b < log.starts.at(to + 1); b++) {
      if (isWrite(log.codes.at(b)) !== writesSecond || keyOf(log.codes.at(a)) !== keyOf(log.codes.at(b)))
        continue;
      if (!isReason(versionAt(log, versions, a), versionAt(log, versions, b), kind)) continue;
      return { clause: `T${from} ${operation(a)}, T${to} ${operation(b)}, ${relation}` };
    }
  }
  return undefined;
};

/** The version a micro-operation read or made; -1 when no read shows it, which is later than all that are shown. */
const versionAt = (log: TransactionLog, versions: ListVersions, place: number): number => {
  const value = log.values.at(place);
  const code = log.codes.at(place);
  return isWrite(code) ? cell(versions.versionOf, value) : versionRead(versions, keyOf(code), value);
};

const isReason = (first: number, second: number, kind: number): boolean =>
  kind === edgeKind.wr ? first >= 0 && first === second : first >= 0 && (second < 0 || first < second);
