import type { Mutant } from "./mutant.ts";

export const m93: Mutant = {
  id: "M93",
  name: "over HTTP a write of unknown outcome is answered as one that failed",
  change: {
    file: "server/http/outcome-answer.ts",
    find: 'effect: outcome.type === "fail" ? "none" : "unknown"',
    replacement: 'effect: "none"',
  },
  story:
    "The node knows that a replica may have the write, and the answer says that none has it. The client takes it for undone, and somebody reads it.",
  flags: ["--strict", "--faults", "partition:halves,partition:isolate-one"],
  caughtBy: ["P15"],
};
