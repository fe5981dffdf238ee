/**
 * The experiments on figures of the paper, in the order of their rows in the mission: those of a simulated world, whose
 * figures anybody gets again to the last digit, and then those of real processes.
 */
import { backgroundWork } from "./background-work.ts";
import { clientCoordination } from "./client-coordination.ts";
import { coordinatorChoice } from "./coordinator-choice.ts";
import { durabilityWindow } from "./durability-window.ts";
import type { Experiment } from "./experiment.ts";
import { quorumCostsFound } from "./quorum-costs.ts";
import { swingingLoad } from "./swinging-load.ts";
import { versionCountsFound } from "./version-counts.ts";
import { writeBuffer } from "./write-buffer.ts";

export const experiments: readonly Experiment[] = [
  { name: "E6 versions a read sees", run: versionCountsFound },
  { name: "D8 costs of quorums", run: quorumCostsFound },
  { name: "E11 durability window", run: durabilityWindow },
  { name: "D12 choice of the coordinator", run: coordinatorChoice },
  { name: "E7 background work", run: backgroundWork },
  { name: "E5 coordination in the client", run: clientCoordination },
  { name: "E3 write buffer", run: writeBuffer },
  { name: "E4 swinging load", run: swingingLoad },
];
