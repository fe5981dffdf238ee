/**
 * A check of a history that nobody here made, by the name of its workload: bytes in, one verdict out. What kind of
 * file it is shows in its first character; what it must be, a consistency model or an object, is the caller's to say.
 */
import type { HistorySink } from "./exchange/history-reader.ts";
import { judgeRegisters, type RegisterBudget, type RegisterPromise } from "./linearizability/register.ts";
import { RegisterHistory } from "./linearizability/register-history.ts";
import { expectationProblem } from "./models/compatibility.ts";
import { bankCheck } from "./objects/bank.ts";
import { counterCheck } from "./objects/counter.ts";
import type { ObjectCheck } from "./objects/object-check.ts";
import { pnCounterCheck } from "./objects/pn-counter.ts";
import { queueCheck } from "./objects/queue.ts";
import { setCheck } from "./objects/set.ts";
import { setFullCheck } from "./objects/set-full.ts";
import { uniqueIdsCheck } from "./objects/unique-ids.ts";
import { ListAppendCheck } from "./transactions/list-append.ts";
import { RwRegisterCheck } from "./transactions/rw-register.ts";
import { strictSerializable } from "./transactions/transaction-report.ts";
import { defaultRegisterOptions, type RegisterOptions } from "./transactions/version-order.ts";
import type { Verdict } from "./verdict.ts";

export type ForeignOptions = {
  /** Consistency models the history is expected to be of; none for the workload's usual one. */
  readonly expect: readonly string[];
  readonly budget: RegisterBudget;
  /** Of rw-register: what else is known of the order of versions. */
  readonly registers?: Partial<RegisterOptions>;
  /** Of register: values are [key, value]. */
  readonly keyed?: boolean;
};

export type ForeignCheck = HistorySink & { readonly finish: () => Verdict };

const listAppend = ({ expect }: ForeignOptions): ForeignCheck => {
  const check = new ListAppendCheck();
  return {
    add: (record) => check.add(record),
    addProblem: (problem) => check.addProblem(problem),
    finish: () => check.finish(expectationOf(expect)).verdict,
  };
};

const rwRegister = ({ expect, registers }: ForeignOptions): ForeignCheck => {
  const check = new RwRegisterCheck();
  return {
    add: (record) => check.add(record),
    addProblem: (problem) => check.addProblem(problem),
    finish: () => check.finish(expectationOf(expect), { ...defaultRegisterOptions, ...registers }).verdict,
  };
};

const register = ({ expect, budget, keyed }: ForeignOptions): ForeignCheck => {
  const history = new RegisterHistory({
    keys: keyed === true ? "tuple" : "one",
    failedCompareAndSet: "nothing",
  });
  const promise: RegisterPromise = expect.includes("regular") ? "regular" : "linearizable";
  return {
    add: (record) => history.add(record),
    addProblem: (problem) => history.addProblem(problem),
    finish: () => {
      history.finish();
      return judgeRegisters(history, promise, budget);
    },
  };
};

const expectationOf = (models: readonly string[]) =>
  models.length === 0 ? strictSerializable : { models, anomalies: [] };

const checks = {
  "list-append": listAppend,
  "rw-register": rwRegister,
  register,
  set: setCheck,
  "set-full": ({ expect }: ForeignOptions): ObjectCheck =>
    setFullCheck({ linearizable: expect.includes("linearizable") }),
  counter: counterCheck,
  "pn-counter": pnCounterCheck,
  queue: queueCheck,
  "unique-ids": uniqueIdsCheck,
  bank: (): ObjectCheck => bankCheck({ negativeAllowed: false }),
} satisfies Record<string, (options: ForeignOptions) => ForeignCheck>;

export type ForeignWorkload = keyof typeof checks;

export const foreignWorkloads = Object.keys(checks) as readonly ForeignWorkload[];

const expectable: Readonly<Partial<Record<ForeignWorkload, readonly string[]>>> = {
  register: ["linearizable", "regular"],
  "set-full": ["linearizable"],
};

/** What is wrong with asking this of that workload, in one sentence; undefined when nothing is. */
export const foreignProblem = (workload: ForeignWorkload, expect: readonly string[]): string | undefined => {
  if (workload === "list-append" || workload === "rw-register")
    return expectationProblem({ models: expect, anomalies: [] });
  const possible = expectable[workload] ?? [];
  const wrong = expect.find((model) => !possible.includes(model));
  if (wrong === undefined) return undefined;
  const known = possible.length === 0 ? "nothing but itself" : possible.join(" or ");
  return `a ${workload} can be expected to be ${known}, not ${wrong}`;
};

/** A check to be fed, by a HistoryReader for one, and then finished once. */
export const foreignCheck = (workload: ForeignWorkload, options: ForeignOptions): ForeignCheck =>
  checks[workload](options);
