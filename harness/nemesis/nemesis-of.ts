/** From a fault of the plan to who carries it out. The one place that knows every kind of fault. */
import { clockNemesis } from "./clock-skew.ts";
import { diskNemesis } from "./disk.ts";
import { killNemesis } from "./kill.ts";
import { membershipNemesis } from "./membership-change.ts";
import type { FaultPlan, Nemesis } from "./nemesis.ts";
import { grudgeOf } from "./partition.ts";
import { pauseNemesis } from "./pause.ts";
import { powerCutNemesis } from "./power-cut.ts";

export function nemesisOf(fault: FaultPlan): Nemesis {
  switch (fault.kind) {
    case "kill":
      return killNemesis(fault.nodes);
    case "pause":
      return pauseNemesis(fault.nodes);
    case "clock":
      return clockNemesis(fault.nodes, fault.offsetMs);
    case "disk":
      return diskNemesis(fault.nodes, fault.trouble);
    case "power-cut":
      return powerCutNemesis(fault.nodes, fault.loss, fault.lossSeed);
    case "join":
    case "leave":
      return membershipNemesis(fault.kind, fault.nodes);
    case "partition":
      return partitionNemesis(fault);
  }
}

function partitionNemesis({ shape, nodes }: Extract<FaultPlan, { kind: "partition" }>): Nemesis {
  return {
    needs: shape === "one-way" ? ["one-way-cut"] : ["cut"],
    backend: (cluster) => cluster.backends["network"] ?? "unknown",
    inject: async (cluster) => {
      const all = cluster.addresses.map(({ node }) => node);
      const grudge = grudgeOf(shape, nodes, all);
      if (grudge.length > 0) return cluster.cut(grudge);
      return { type: "failed", reason: `${all.length} nodes are too few for the partition ${shape}.` };
    },
    heal: (cluster) => cluster.mend(),
  };
}
