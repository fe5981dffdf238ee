/**
 * A workload for bugs in the naming of events: few boards on which most put a notice without having read, and some
 * read all and write one in their place. Without a context nothing but the name of an event keeps a write apart from
 * those before it, and siblings stand together that no client has seen together.
 */
import { keyValueCheckers } from "../../checkers/record-checkers.ts";
import type { WorkloadEntry } from "../../workloads/catalog.ts";
import { type RecordPattern, recordWorkload } from "../../workloads/records/record-workload.ts";
import { populate } from "../../workloads/workload.ts";

const pattern: RecordPattern = {
  name: "notice-board",
  prefix: "board",
  recordCount: 30,
  mix: { read: 15, update: 45, blind: 40 },
  isOwned: false,
  valueBytes: 40,
  checkers: keyValueCheckers,
};

export const noticeBoard: WorkloadEntry = {
  summary: "boards that most write on without having read them",
  bucket: {},
  checkers: keyValueCheckers,
  create: (options) => populate(recordWorkload(pattern, options)),
};
