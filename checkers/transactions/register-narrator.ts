/** Tells rw-register transactions, and on which two micro-operations a dependency rests. */
import type { CycleStep } from "../graph/cycle.ts";
import { edgeKind } from "../graph/edge-kind.ts";
import type { Narrator } from "../graph/explanation.ts";
import type { RegisterIntake } from "./register-intake.ts";
import { isWrite, keyOf, type TransactionLog } from "./transaction-log.ts";
import { narratorOf } from "./transaction-narrator.ts";

export const registerNarrator = (log: TransactionLog, registers: RegisterIntake): Narrator => {
  const operation = (place: number): string =>
    `${isWrite(log.codes.at(place)) ? "wrote" : "read"} ${registers.text(log.values.at(place))}`;
  return narratorOf(log, { operation, reason: (step) => reasonOf(step, log, operation) });
};

const { ww, wr, rw, wwProcess, rwProcess, wwRealtime, rwRealtime } = edgeKind;

const relations: Readonly<Record<number, string>> = {
  [ww]: "a later version",
  [wr]: "the same version",
  [rw]: "a later version",
  [wwProcess]: "later, as a session met the two in that order",
  [rwProcess]: "later, as a session met the two in that order",
  [wwRealtime]: "later, as one operation on the first ended before one on the second began",
  [rwRealtime]: "later, as one operation on the first ended before one on the second began",
};

const reasonOf = (
  { from, to, kind }: CycleStep,
  log: TransactionLog,
  operation: (place: number) => string,
): { readonly clause: string; readonly key?: string } | undefined => {
  const relation = relations[kind];
  if (relation === undefined) return undefined;
  const writesFirst = (kind & (rw | rwProcess | rwRealtime)) === 0;
  const writesSecond = kind !== wr;
  for (let a = log.starts.at(from); a < log.starts.at(from + 1); a++) {
    if (isWrite(log.codes.at(a)) !== writesFirst) continue;
    for (let b = log.starts.at(to); b < log.starts.at(to + 1); b++) {
      if (isWrite(log.codes.at(b)) !== writesSecond || keyOf(log.codes.at(a)) !== keyOf(log.codes.at(b)))
        continue;
      if ((log.values.at(a) === log.values.at(b)) !== (kind === wr)) continue;
      return { clause: `T${from} ${operation(a)}, T${to} ${operation(b)}, ${relation}` };
    }
  }
  return undefined;
};
