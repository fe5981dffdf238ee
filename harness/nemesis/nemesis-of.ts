/** From a fault as data to who carries it out. The one place that knows every kind of fault. */
import { aimedNemesis } from "./aimed.ts";
import { clockNemesis } from "./clock-skew.ts";
import { damagedDiskNemesis } from "./damaged-disk.ts";
import { diskNemesis } from "./disk.ts";
import { killNemesis, memoryNemesis, restartNemesis, stopNemesis } from "./kill.ts";
import { linkNemesis } from "./link.ts";
import { loadNemesis } from "./load.ts";
import { membershipNemesis } from "./membership-change.ts";
import type { FaultPlan, Nemesis } from "./nemesis.ts";
import { openFilesNemesis } from "./open-files.ts";
import { grudgeOf } from "./partition.ts";
import { pauseNemesis, starveNemesis } from "./pause.ts";
import { powerCutNemesis } from "./power-cut.ts";
import { alternating } from "./recurring.ts";
import { type Sights, sightsOf } from "./sights.ts";
import { triggeredNemesis } from "./triggered.ts";
import { noClients, type WorkloadClients } from "./workload-clients.ts";

const flapMs = 500;

/** `sights`: only faults that are aimed at a role look at them. `clients`: of the workload, for faults that they make. */
export function nemesisOf(
  fault: FaultPlan,
  sights: Sights = sightsOf("default", () => undefined),
  clients: WorkloadClients = noClients,
): Nemesis {
  const { aim, on } = fault;
  const ofKnown = (known: FaultPlan): Nemesis => nemesisOf(known, sights, clients);
  if (aim !== undefined) return aimedNemesis({ ...fault, aim }, sights, ofKnown);
  if (on !== undefined) return triggeredNemesis({ ...fault, on }, ofKnown);
  return plainNemesis(fault, clients);
}

function plainNemesis(fault: FaultPlan, clients: WorkloadClients): Nemesis {
  switch (fault.kind) {
    case "kill":
      return killNemesis(fault.nodes);
    case "stop":
      return stopNemesis(fault.nodes);
    case "restart":
      return restartNemesis(fault.nodes);
    case "pause":
      return pauseNemesis(fault.nodes);
    case "starve":
      return starveNemesis(fault.nodes);
    case "files":
      return openFilesNemesis(fault.nodes);
    case "memory":
      return memoryNemesis(fault.nodes, fault.heapMb);
    case "link":
      return linkNemesis(fault.nodes, fault.shape);
    case "clock":
      return clockNemesis(fault.nodes, fault.motion, fault.offsetMs);
    case "disk":
      return "damage" in fault
        ? damagedDiskNemesis(fault.nodes, fault.damage, fault.damageSeed)
        : diskNemesis(fault.nodes, fault.trouble);
    case "power-cut":
      return powerCutNemesis(fault.nodes, fault.loss, fault.lossSeed);
    case "join":
    case "leave":
      return membershipNemesis(fault.kind, fault.nodes);
    case "load":
      return loadNemesis(fault.nodes, fault.burden, clients);
    case "partition": {
      const cut = partitionNemesis(fault);
      return fault.shape === "flapping" ? alternating(cut, flapMs, flapMs) : cut;
    }
  }
}

function partitionNemesis(fault: Extract<FaultPlan, { kind: "partition" }>): Nemesis {
  const { id, shape, nodes } = fault;
  return {
    needs: shape === "one-way" || shape === "custom" ? ["one-way-cut"] : ["cut"],
    backend: (cluster) => cluster.backends["network"] ?? "unknown",
    inject: async (cluster) => {
      const all = cluster.addresses.map(({ node }) => node);
      const grudge = fault.shape === "custom" ? fault.grudge : grudgeOf(fault.shape, nodes, all);
      if (grudge.length > 0) return cluster.cut(id, grudge);
      return { type: "failed", reason: `${all.length} nodes are too few for the partition ${shape}.` };
    },
    heal: (cluster) => cluster.mend(id),
  };
}
