/**
 * Which copies of a write have to be on stable storage before they are acknowledged (Dynamo §6.1).
 *
 * The paper answers from memory to spare its clients the disk's worst moments, and then, to lose less, has the
 * coordinator choose one of the N replicas to write durably. Since it waits for W of them only, the slow disk of the
 * chosen one is seldom waited for; and since it is not waited for, the acknowledgement may come before the durable
 * copy does. Whoever wants that excluded asks for `dw`, which counts synced acknowledgements alone.
 */
import type { NodeId } from "../ports/network.ts";
import type { Durability } from "../ports/storage.ts";

/**
 * fsync: every copy is synced before it is acknowledged. buffer: acknowledged from memory, synced a moment later.
 * buffer+one: the same, but one copy is synced first.
 */
export type DurabilityMode = "fsync" | "buffer" | "buffer+one";

/** What is asked of the copy of each home, whoever keeps it. */
export type DurabilityDemand = (home: NodeId) => Durability;

/**
 * `homes` in the order of preference for the durable copies: the coordinator's own last, so that what it waits for
 * in any case is not the slow part. `dw` synced acknowledgements can be reached only if so many are asked for.
 */
export function demandOf(mode: DurabilityMode, dw: number, homes: readonly NodeId[]): DurabilityDemand {
  switch (mode) {
    case "fsync":
      return () => "synced";
    case "buffer":
    case "buffer+one": {
      const durable = new Set(homes.slice(0, Math.max(dw, mode === "buffer" ? 0 : 1)));
      return (home) => (durable.has(home) ? "synced" : "buffered");
    }
  }
}
