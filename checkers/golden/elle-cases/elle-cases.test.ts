/**
 * Every history of cases.jsonl gets the verdict its authors give: valid or not, the anomalies by name, and the
 * weakest models ruled out. Three conventions of theirs are followed here and argued:
 *
 * - The histories begin in the middle, so a value nobody wrote is part of the state before them.
 * - Cycles count only where the asked models or anomalies forbid them, since the authors look for no others.
 * - A history in which nothing depends on anything is "unknown"; we say inconclusive.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Datum } from "../../exchange/datum.ts";
import type { RecordType } from "../../exchange/history-record.ts";
import { compatibilityOf } from "../../models/compatibility.ts";
import { ListAppendCheck } from "../../transactions/list-append.ts";
import { RwRegisterCheck } from "../../transactions/rw-register.ts";
import type { TransactionReport } from "../../transactions/transaction-report.ts";

type Case = {
  readonly test: string;
  readonly context: readonly string[];
  readonly checker: "list-append" | "rw-register";
  readonly valid?: boolean | "unknown";
  readonly anomaly_types?: readonly string[] | null;
  readonly not?: readonly string[] | null;
  readonly throws?: string;
  readonly opts: {
    readonly "consistency-models"?: readonly string[] | null;
    readonly anomalies?: readonly string[];
    readonly "wfr-keys?"?: boolean;
    readonly "sequential-keys?"?: boolean;
    readonly "linearizable-keys?"?: boolean;
    readonly "transaction-order"?: Readonly<Record<string, number>>;
  };
  readonly history: readonly {
    readonly type: RecordType;
    readonly process: number;
    readonly value: Datum;
    readonly index: number;
    readonly time: number;
  }[];
};

const cases = readFileSync(join(import.meta.dirname, "cases.jsonl"), "utf8")
  .trim()
  .split("\n")
  .map((line): Case => JSON.parse(line));

/** Anomalies we name beyond the authors', each of which their history does hold. */
const alsoFound: Readonly<Record<string, readonly string[]>> = {
  // Both transactions of one process read [0] and appended: the later one misses its own session's append.
  "lost-update-test": ["G-single-item-process"],
  // The authors report one cycle of this component, G0. A read of 8 as [1 2 3 4 6] closes another one.
  "sim-prefix-test": ["G-single-item"],
};

const judge = ({ checker, history, opts }: Case): TransactionReport => {
  const check = checker === "list-append" ? new ListAppendCheck() : new RwRegisterCheck();
  for (const { type, process, value, index, time } of history)
    check.add({ type, process, value, index, time, f: "txn", line: index });
  const models = opts["consistency-models"];
  const order = opts["transaction-order"];
  return check.finish(
    {
      models: models === undefined ? ["strict-serializable"] : (models ?? []),
      anomalies: opts.anomalies ?? [],
    },
    {
      writesFollowReads: opts["wfr-keys?"] ?? true,
      sequentialKeys: opts["sequential-keys?"] ?? false,
      linearizableKeys: opts["linearizable-keys?"] ?? false,
      unwrittenReads: "initial-state",
      ...(order === undefined
        ? {}
        : { serialOrder: new Map(Object.entries(order).map(([index, place]) => [Number(index), place])) }),
    },
  );
};

const isCycle = (name: string): boolean => /^G0|^G1c|^G-|^G2/.test(name);

const asTheAuthorsSayIt = ({ broken, found, isUnrelated }: TransactionReport) => {
  const types = [...broken, ...(isUnrelated ? ["empty-transaction-graph"] : [])].toSorted();
  const counted = [...broken, ...[...found.keys()].filter((name) => !isCycle(name))];
  return {
    valid: broken.length > 0 ? false : isUnrelated ? "unknown" : true,
    types,
    not: types.length === 0 ? null : compatibilityOf(counted).ruledOut,
  };
};

describe("the cases of Elle's unit tests", () => {
  const judged = cases.filter((one) => one.throws === undefined);

  it.each(judged.map((one, place) => [place, one.test, one.context.join(" "), one] as const))(
    "%i %s %s",
    (_place, name, _context, one) => {
      const verdict = asTheAuthorsSayIt(judge(one));

      expect(verdict).toEqual({
        valid: one.valid,
        types: [...(one.anomaly_types ?? []), ...(alsoFound[name] ?? [])].toSorted(),
        not: one.not,
      });
    },
  );

  it("are 41, of which one is about integer types that JSON does not have", () => {
    const refused = cases.filter((one) => one.throws !== undefined);

    expect(cases.length).toBe(41);
    expect(refused.map((one) => judge(one).verdict.type)).toEqual(["inconclusive"]);
  });
});
