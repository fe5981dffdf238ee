/** The rows of the table of faults that say whom, and when, any other fault may hit. */
import { anyone, type FaultRow, inContract, untied } from "./fault-ways.ts";
import type { Role } from "./nemesis.ts";

const ofKey: FaultRow = {
  act: "any fault, done to the home nodes of a key, or to the first of them",
  proof: "that of the fault; who it was stands in the journal",
  ways: [anyone("preference list", untied("is not effective, and one that acts is"))],
};

export const aimedRows: Readonly<Record<`@${Role}` | "!moment", FaultRow>> = {
  "@homes": ofKey,
  "@coordinator": ofKey,
  "@hint-holder": {
    act: "any fault, done to the node that keeps most hints by then",
    proof: "that of the fault; who it was stands in the journal",
    ways: [
      anyone("verification port", {
        file: "nemesis/aimed.test.ts",
        title: "waits until somebody plays the role",
      }),
    ],
  },
  "!moment": {
    act: "a kill, pause, partition, clock or power cut, done to a node that stopped itself at a moment; continued",
    proof: "state `T` in /proc though nobody paused it, and then that of the fault",
    ways: [anyone("SIGSTOP of itself", inContract("lets a node stop itself before it answers"))],
  },
};
