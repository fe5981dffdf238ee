/** What a fault is about to do, for a reader of the journal or of a plan: a part of a sentence with all its numbers. */
import { shapeText } from "../cluster/link-shape.ts";
import { pairName } from "../cluster/links.ts";
import { roleText } from "./aimed.ts";
import type { FaultPlan } from "./nemesis.ts";

export function describeFault(fault: FaultPlan): string {
  const { on } = fault;
  if (on === undefined) return describeAct(fault);
  const who = fault.aim !== undefined || on.at.length > 1 ? "the first of them comes" : "it comes";
  return `${describeAct(fault)}, once ${who} to ${on.moment}`;
}

function describeAct(fault: FaultPlan): string {
  const nodes = fault.aim === undefined ? fault.nodes.join(", ") : roleText(fault.aim);
  switch (fault.kind) {
    case "kill":
    case "stop":
    case "restart":
    case "pause":
    case "starve":
    case "join":
    case "leave":
      return `${fault.kind} ${nodes}`;
    case "files":
      return `too many open files on ${nodes}`;
    case "load":
      return `load on ${nodes}: ${fault.burden}`;
    case "memory":
      return `restart ${nodes} with a heap of ${fault.heapMb} MiB`;
    case "disk":
      return `disk ${"damage" in fault ? fault.damage : fault.trouble} of ${nodes}`;
    case "power-cut":
      return `power cut of ${nodes} (${fault.loss}), losing what was not synced`;
    case "partition":
      return fault.shape === "custom"
        ? `partition of ${fault.grudge.map(pairName).join(", ")}`
        : `partition ${fault.shape}, in the order ${nodes}`;
    case "link":
      return `links of ${nodes}: ${shapeText(fault.shape)}`;
    case "clock":
      return `clock of ${nodes}: ${fault.motion} by ${fault.offsetMs} ms`;
  }
}
