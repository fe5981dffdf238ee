/**
 * Registers with unique writes: one client writes a register, one value after another, and many read it. With one
 * writer the newest of several versions is known to everybody, so a store of siblings can be judged as a register:
 * regular, that is, a read returns the last value written before it or one that is being written.
 */
import { registerCheckers } from "../../checkers/record-checkers.ts";
import { type RecordPattern, recordWorkload } from "../records/record-workload.ts";

const register: RecordPattern = {
  name: "register",
  prefix: "register",
  recordCount: 60,
  mix: { read: 70, renew: 30 },
  isOwned: true,
  valueBytes: 16,
  checkers: registerCheckers,
};

export const registers = (options: { readonly seed: number }) =>
  recordWorkload(register, { ...options, keys: "zipfian" });
