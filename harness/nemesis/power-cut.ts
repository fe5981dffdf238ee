/**
 * A power cut: all its nodes end at once, what they had not synced is lost, and at the end they start again on what
 * their disks kept. Of the whole cluster it is what shows a missing sync: with one node cut the other copies live.
 */
import type { NodeName } from "../../checkers/history/event.ts";
import type { PowerLoss } from "../cluster/undo-journal.ts";
import { killNemesis } from "./kill.ts";
import type { Nemesis } from "./nemesis.ts";

export function powerCutNemesis(nodes: readonly NodeName[], loss: PowerLoss, seed: number): Nemesis {
  return {
    needs: ["power-cut"],
    backend: (cluster) => cluster.backends["disk"] ?? "unknown",
    inject: (cluster) => cluster.powerCut(nodes, loss, seed),
    heal: killNemesis(nodes).heal,
  };
}
