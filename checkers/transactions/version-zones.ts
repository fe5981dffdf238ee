/** The zones of every key's versions: when each was first known to be there and last needed to be (see zones.ts). */
import { cell, groupBy } from "../graph/integers.ts";
import { type Zones, zonesBetween } from "../linearizability/zones.ts";
import type { Accesses } from "./register-accesses.ts";
import type { RegisterIntake } from "./register-intake.ts";
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
export const keyZones = function* (
  log: TransactionLog,
  intake: RegisterIntake,
  accesses: Accesses,
): Generator<KeyZones> {
  const end = new Float64Array(intake.values.length).fill(Number.POSITIVE_INFINITY);
  const start = new Float64Array(intake.values.length).fill(Number.NEGATIVE_INFINITY);
  for (const { initial } of intake.keys) end[initial] = -1;
  for (let access = 0; access < accesses.count; access++) {
    const transaction = cell(accesses.transaction, access);
    if (!log.mayHaveHappened(transaction)) continue;
    const read = cell(accesses.read, access);
    const written = cell(accesses.written, access);
    const left = written >= 0 ? written : read;
    const found = read >= 0 ? read : written;
    const from = log.from.at(transaction);
    if (log.isOk(transaction)) {
      const until = log.until.at(transaction);
      if (until < (end[left] as number)) end[left] = until;
    }
    if (from > (start[found] as number)) start[found] = from;
  }
  const { starts, items } = groupBy(intake.keyOfVersion.view(), intake.keys.length);
  for (let key = 0; key < intake.keys.length; key++) {
    const versions = items.subarray(cell(starts, key), cell(starts, key + 1));
    const keyEnd = new Float64Array(versions.length);
    const keyStart = new Float64Array(versions.length);
    for (let place = 0; place < versions.length; place++) {
      keyEnd[place] = end[cell(versions, place)] as number;
      keyStart[place] = start[cell(versions, place)] as number;
    }
    yield { versions, zones: zonesBetween(keyEnd, keyStart) };
  }
};
