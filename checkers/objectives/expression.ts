/**
 * What a service level says, as text and as data:
 *
 *     put:p99.9<300ms            99.9 % of writes acknowledged in less than 300 ms from their intended start
 *     get:ok>=99.95%             99.95 % of reads acknowledged, however late
 *     recovery<5s                after each heal, three good seconds in a row begin within 5 s
 *     budget<1x                  fewer bad requests than the run's objective allows
 *
 * Before the colon stands get, put, delete or any, which is also what is meant without one. Behind, each `@` narrows
 * down: `@steady`, `@fault` and `@recovery` to a kind of phase, `@kill` to the windows of one kind of fault, `@n2` to
 * requests that entered at a node. Steady phases count together; each fault and recovery window must hold alone.
 * Without a phase the steady ones are meant.
 */
import type { NodeName, Objective } from "../history/event.ts";

export type SlaPhase = "steady" | "fault" | "recovery";

export type SlaScope = {
  /** Empty: the steady phases, or every fault's for `recovery`. */
  readonly phases: readonly SlaPhase[];
  /** Kinds of faults; empty: all. */
  readonly faults: readonly string[];
  /** Empty: all. */
  readonly nodes: readonly NodeName[];
};

type Stated = { readonly text: string; readonly scope: SlaScope };
export type SlaOperation = Objective["operation"];

export type SlaExpression =
  /** Good: acknowledged within `limitMs`, that included. `share` of the requests must be good. */
  | (Stated & {
      readonly type: "latency";
      readonly operation: SlaOperation;
      readonly share: number;
      readonly limitMs: number;
    })
  | (Stated & { readonly type: "ok"; readonly operation: SlaOperation; readonly share: number })
  | (Stated & { readonly type: "recovery"; readonly limitMs: number })
  | (Stated & { readonly type: "budget"; readonly operation: SlaOperation; readonly times: number });

/** What names behind an `@` can mean in this run. */
export type SlaNames = { readonly faults: readonly string[]; readonly nodes: readonly NodeName[] };

/** `reason` is one sentence that quotes the expression. */
export type SlaMistake = { readonly type: "mistake"; readonly reason: string };

/** Text that looks like an expression, right or wrong, rather than a word. */
export const isSlaExpression = (text: string): boolean => /[<>=:]/.test(text);

export const parseSla = (text: string, names: SlaNames): SlaExpression | SlaMistake => {
  const [claim = "", ...narrowings] = text.trim().split("@");
  const parts = /^(?:([a-z]+):)?([a-z][a-z0-9.]*)(<=|<|>=|>)([0-9.]+)(ms|s|m|%|x)$/.exec(claim);
  if (parts === null) return mistake(text, `is not of the form ${form}`);
  const [, operationWord = "any", measure = "", comparison = "", figure = "", unit = ""] = parts;
  const operation = operations.find((one) => one === operationWord);
  if (operation === undefined)
    return mistake(text, `begins with "${operationWord}"; it must be one of ${operations.join(", ")}`);
  const value = Number(figure);
  if (!Number.isFinite(value)) return mistake(text, `has "${figure}" where a number is asked for`);
  const scope = scopeOf(narrowings, names);
  if (typeof scope === "string") return mistake(text, scope);
  const claimed = claimOf({ measure, comparison, figure, value, unit }, parts[1] !== undefined);
  return typeof claimed === "string"
    ? mistake(text, claimed)
    : withScope(claimed, { text: text.trim(), scope, operation });
};

const operations: readonly SlaOperation[] = ["get", "put", "delete", "any"];
const phases: readonly SlaPhase[] = ["steady", "fault", "recovery"];
const form =
  "put:p99.9<300ms, get:ok>=99.95%, recovery<5s or budget<1x, with @steady, @fault, @kill or @n1 behind";

const mistake = (text: string, reason: string): SlaMistake => ({
  type: "mistake",
  reason: `The service level "${text}" ${reason}.`,
});

type Words = {
  readonly measure: string;
  readonly comparison: string;
  readonly figure: string;
  readonly value: number;
  readonly unit: string;
};

type Claim =
  | { readonly type: "latency"; readonly share: number; readonly limitMs: number }
  | { readonly type: "ok"; readonly share: number }
  | { readonly type: "recovery"; readonly limitMs: number }
  | { readonly type: "budget"; readonly times: number };

/** The claim without its scope, or what is wrong with it. */
const claimOf = (
  { measure, comparison, figure, value, unit }: Words,
  isOfOperation: boolean,
): Claim | string => {
  const isBelow = comparison === "<" || comparison === "<=";
  if (measure === "ok") {
    if (unit !== "%" || comparison !== ">=") return "asks for a share, as in ok>=99.95%";
    return value > 0 && value < 100
      ? { type: "ok", share: shareOf(figure) }
      : "asks for more than 0 % and less than 100 %";
  }
  if (!isBelow) return `asks for ${measure} to be large; only < and <= make sense`;
  if (measure === "budget")
    return unit === "x" && value > 0
      ? { type: "budget", times: value }
      : "asks for a multiple, as in budget<1x";
  const limitMs = millisecondsOf(value, unit);
  if (limitMs === undefined || limitMs <= 0) return "asks for a time, such as 300ms or 5s";
  // Times are whole microseconds, so less than the limit is at most one microsecond less.
  const withinMs = comparison === "<" ? limitMs - 0.001 : limitMs;
  if (measure === "recovery")
    return isOfOperation
      ? "gives an operation; recovery is of all of them"
      : { type: "recovery", limitMs: withinMs };
  const quantile = /^p(\d{1,2}(?:\.\d+)?)$/.exec(measure)?.[1];
  if (quantile === undefined || Number(quantile) === 0)
    return `asks for "${measure}"; known are p50 to p99.999, ok, recovery and budget`;
  return { type: "latency", share: shareOf(quantile), limitMs: withinMs };
};

/** The number that is nearest to so many percent; a division would leave a trace in the last digit. */
const shareOf = (percent: string): number => Number(`${percent}e-2`);

const withScope = (
  claim: Claim,
  { operation, ...stated }: Stated & { readonly operation: SlaOperation },
): SlaExpression =>
  claim.type === "recovery" ? { ...stated, ...claim } : { ...stated, operation, ...claim };

const millisecondsOf = (value: number, unit: string): number | undefined => {
  const factor = { ms: 1, s: 1_000, m: 60_000 }[unit];
  return factor === undefined ? undefined : value * factor;
};

const scopeOf = (words: readonly string[], names: SlaNames): SlaScope | string => {
  const scope = { phases: [] as SlaPhase[], faults: [] as string[], nodes: [] as NodeName[] };
  for (const word of words) {
    const phase = phases.find((one) => one === word);
    if (phase !== undefined) scope.phases.push(phase);
    else if (names.nodes.includes(word)) scope.nodes.push(word);
    else if (names.faults.includes(word)) scope.faults.push(word);
    else return `names "@${word}"; known are ${[...phases, ...names.faults, ...names.nodes].join(", ")}`;
  }
  return scope;
};
