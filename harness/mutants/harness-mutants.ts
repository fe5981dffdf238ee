/**
 * Mutants of the harness itself: the ways in which such tools have called broken runs good. Each must be noticed by
 * the harness's own tests, which are named with it.
 */
import type { TestedMutant } from "./checker-detection.ts";

export const harnessMutants: readonly TestedMutant[] = [
  {
    id: "H01",
    name: "a run that cannot tell counts as passed",
    change: {
      file: "harness/outcome.ts",
      find: "=> exitCodes[verdict].code;",
      replacement: '=> exitCodes[verdict === "inconclusive" ? "passed" : verdict].code;',
    },
    noticedBy: ["harness/outcome.test.ts"],
  },
  {
    id: "H02",
    name: "a write that was sent and not answered counts as failed",
    change: {
      file: "harness/client/answer.ts",
      find: 'if (exchanged.type === "lost") return { outcome: "unknown", error: exchanged.error };',
      replacement: 'if (exchanged.type === "lost") return { outcome: "none", error: exchanged.error };',
    },
    noticedBy: ["harness/client/answer.test.ts"],
  },
  {
    id: "H03",
    name: "a fault is not carried out, and called active",
    change: {
      file: "harness/nemesis/hold-fault.ts",
      find: "await attempt(() => nemesis.inject(cluster, over.signal));",
      replacement: '{ type: "done", evidence: "done" } as const as Done;',
    },
    noticedBy: ["harness/nemesis/"],
  },
  {
    id: "H04",
    name: "a fault is not healed, and called healed",
    change: {
      file: "harness/nemesis/hold-fault.ts",
      find: "await healInTime(() => nemesis.heal(cluster));",
      replacement: '{ type: "done", evidence: "done" } as const as Done;',
    },
    noticedBy: ["harness/nemesis/"],
  },
  {
    id: "H05",
    name: "the final reads come before the cluster is at rest",
    change: {
      file: "harness/simulation/simulated-run.ts",
      find: "    await settle(this.#cluster, chronicle);",
      replacement: "    await this.#readAll();\n    await settle(this.#cluster, chronicle);",
    },
    noticedBy: ["harness/simulation/"],
  },
  {
    id: "H06",
    name: "a fault during which nothing was acknowledged counts as survived",
    change: {
      file: "checkers/exercised.ts",
      find: "    if (count < enough.aroundFault)",
      replacement: "    if (count < 0)",
    },
    noticedBy: ["checkers/exercised.test.ts"],
  },
  {
    id: "H07",
    name: "the time of the run is the wall clock",
    change: {
      file: "harness/client/run-clock.ts",
      find: "Number((process.hrtime.bigint() - startedHr) / 1000n)",
      replacement: "Date.now() * 1000 - Number(startedHr / 1000n)",
    },
    noticedBy: ["harness/client/run-clock.test.ts"],
  },
  {
    id: "H08",
    name: "a request counts from when it was sent, not from when it was wanted",
    change: {
      file: "harness/load/load-loop.ts",
      find: "    client.arrive({ intended, route",
      replacement: "    client.arrive({ intended: clock.now(), route",
    },
    noticedBy: ["harness/load/load-loop.test.ts"],
  },
  {
    id: "H09",
    name: "the recorder drops events when many come at once",
    change: {
      file: "harness/load/recorder.ts",
      find: "    this.#frames.push(frame);",
      replacement: "    if (this.#frames.length >= 3) return;\n    this.#frames.push(frame);",
    },
    noticedBy: ["harness/load/recorder.test.ts"],
  },
  {
    id: "H10",
    name: "a long journal is read to the end of its first megabyte",
    change: {
      file: "harness/run/journal-file.ts",
      find: "{ highWaterMark: 1 << 20 }",
      replacement: "{ highWaterMark: 1 << 20, end: 1 << 20 }",
    },
    noticedBy: ["harness/run/journal-file.test.ts"],
  },
  {
    id: "H11",
    name: "the last reads go through one node only",
    change: {
      file: "harness/load/final-reads.ts",
      find: "nodes[turn % nodes.length]?.node",
      replacement: "nodes[0]?.node",
    },
    noticedBy: ["harness/load/final-reads.test.ts"],
  },
  {
    id: "H12",
    name: "one checker that throws silences the others",
    change: {
      file: "checkers/judge.ts",
      find: "    const message = thrown instanceof Error ? thrown.message : String(thrown);",
      replacement: "    const message = String(thrown);\n    if (message !== '') throw thrown;",
    },
    noticedBy: ["checkers/judge.test.ts"],
  },
];
