/** What a fault may ask of the clients of the workload, who are in another process. */
import type { NodeName } from "../../checkers/history/event.ts";

export interface WorkloadClients {
  /** Copies of their writes that the store acknowledged so far, as far as is known by now. */
  readonly lateCopyCount: number;
  /** From now on copies of acknowledged writes come late, through these nodes; through none: no more. */
  sendLateCopies(through: readonly NodeName[]): void;
}

/** Where there is no workload. */
export const noClients: WorkloadClients = { lateCopyCount: 0, sendLateCopies: () => {} };
