/** The zones of every key's versions: when each was first known to be there and last needed to be (see zones.ts). */
import { cell, groupBy } from "../graph/integers.ts";
import type { Zones } from "../linearizability/zones.ts";
import { forEachAccess, type RegisterIntake } from "./register-intake.ts";
import type { TransactionLog } from "./transaction-log.ts";

export type KeyZones = {
  readonly zones: Zones;
  /** Index in the zones -> version. */
  readonly versions: Int32Array;
};

/**
 * One key after another. A transaction ends what it left behind (its write, or else its read) and starts what it
 * found (its first read, or else its write). Unknown transactions start what they wrote and never end it.
 */
export const keyZones = function* (log: TransactionLog, intake: RegisterIntake): Generator<KeyZones> {
  const end = new Float64Array(intake.values.length).fill(Number.POSITIVE_INFINITY);
  const start = new Float64Array(intake.values.length).fill(Number.NEGATIVE_INFINITY);
  for (const { initial } of intake.keys) end[initial] = -1;
  forEachAccess(log, intake.keys.length, (transaction, _key, read, written) => {
    if (!log.mayHaveHappened(transaction)) return;
    const left = written >= 0 ? written : read;
    const found = read >= 0 ? read : written;
    if (log.isOk(transaction)) end[left] = Math.min(end[left] ?? 0, log.until.at(transaction));
    start[found] = Math.max(start[found] ?? 0, log.from.at(transaction));
  });
  const { starts, items } = groupBy(intake.keyOfVersion.view(), intake.keys.length);
  for (let key = 0; key < intake.keys.length; key++) {
    const versions = items.slice(cell(starts, key), cell(starts, key + 1));
    yield {
      versions,
      zones: {
        end: Float64Array.from(versions, (version) => end[version] ?? 0),
        start: Float64Array.from(versions, (version) => start[version] ?? 0),
      },
    };
  }
};
