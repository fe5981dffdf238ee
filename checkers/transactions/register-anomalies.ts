/**
 * What is wrong with single reads of registers, before any cycle is looked for (Adya 1999, G1a and G1b): aborted and
 * intermediate reads, values nobody wrote, and updates that were lost.
 */
import { cell } from "../graph/integers.ts";
import type { Accesses } from "./register-accesses.ts";
import { nobody, type RegisterIntake } from "./register-intake.ts";
import { isWrite, type TransactionLog } from "./transaction-log.ts";
import type { RegisterOptions, VersionOrder } from "./version-order.ts";

export const findRegisterAnomalies = (
  log: TransactionLog,
  intake: RegisterIntake,
  accesses: Accesses,
  options: RegisterOptions,
): void => {
  for (let transaction = 0; transaction < log.count; transaction++) {
    for (let place = log.starts.at(transaction); place < log.starts.at(transaction + 1); place++) {
      if (isWrite(log.codes.at(place))) continue;
      findReadAnomaly(log, intake, options, { transaction, version: log.values.at(place) });
    }
  }
  findLostUpdates(log, intake, accesses);
};

const findReadAnomaly = (
  log: TransactionLog,
  intake: RegisterIntake,
  options: RegisterOptions,
  { transaction, version }: { readonly transaction: number; readonly version: number },
): void => {
  const writer = intake.writers.at(version);
  const report = (type: string, what: string): void =>
    intake.anomalies.add(type, () => ({
      key: intake.keyText(version),
      sentence: `T${transaction} read ${intake.text(version)}, ${what}.`,
      story: [],
      requests: writer < 0 ? [transaction] : [writer, transaction],
    }));
  if (writer === nobody) {
    const isInitial = intake.keys[intake.keyOfVersion.at(version)]?.initial === version;
    if (!isInitial && options.unwrittenReads === "anomaly") report("garbage-read", "which nobody wrote");
  } else if (writer >= 0) {
    if (!log.mayHaveHappened(writer)) report("G1a", `which T${writer} wrote and then aborted`);
    if (writer !== transaction && intake.isIntermediate.at(version) === 1)
      report("G1b", `which its writer T${writer} overwrote itself`);
  }
};

/** Two acknowledged transactions that read the same version of a key and wrote it. */
const findLostUpdates = (log: TransactionLog, intake: RegisterIntake, accesses: Accesses): void => {
  const updatedBy = new Int32Array(intake.values.length).fill(-1);
  for (let access = 0; access < accesses.count; access++) {
    const transaction = cell(accesses.transaction, access);
    const read = cell(accesses.read, access);
    if (!log.isOk(transaction) || read < 0 || cell(accesses.written, access) < 0) continue;
    const rival = cell(updatedBy, read);
    updatedBy[read] = transaction;
    if (rival < 0) continue;
    intake.anomalies.add("lost-update", () => ({
      key: intake.keyText(read),
      sentence: `T${rival} and T${transaction} both read ${intake.text(read)} and both wrote the key.`,
      story: [],
      requests: [rival, transaction],
    }));
  }
};

/** One anomaly for each key whose promised order contradicts itself. */
export const reportCyclicVersions = (intake: RegisterIntake, order: VersionOrder): void => {
  for (const versions of order.cyclic) {
    intake.anomalies.add("cyclic-versions", () => {
      const first = versions[0] ?? 0;
      const told = versions.slice(0, 8).map((version) => intake.text(version));
      return {
        key: intake.keyText(first),
        sentence: `${intake.keyText(first)} cannot have had one order of versions: ${told.join(", ")} must each be older than another.`,
        story: [],
        requests: versions.map((version) => intake.writers.at(version)).filter((writer) => writer >= 0),
      };
    });
  }
};
