/** What a fault is about to do, for a reader of the journal or of a plan: a part of a sentence with all its numbers. */
import { shapeText } from "../cluster/link-shape.ts";
import { pairName } from "../cluster/links.ts";
import { roleText } from "./aimed.ts";
import type { FaultPlan } from "./nemesis.ts";

export function describeFault(fault: FaultPlan): string {
  const { aim, on, nodes } = fault;
  const who = aim === undefined ? nodes.join(", ") : roleText(aim);
  if (on === undefined) return describeAct(fault, who);
  const armed = aim === undefined ? on.at.join(", ") : roleText(aim);
  const isOne = aim === undefined ? on.at.length === 1 : aim.atMost === 1;
  // Of these all nodes are hit, or those of the shape.
  const isOfMany = fault.kind === "power-cut" || (fault.kind === "partition" && fault.shape === "custom");
  return isOfMany || isOne
    ? `${describeAct(fault, who)}, as soon as ${isOne ? armed : `one of ${armed}`} comes to ${on.moment}`
    : describeAct(fault, `whichever of ${armed} comes to ${on.moment} first`);
}

function describeAct(fault: FaultPlan, nodes: string): string {
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
        : `partition ${fault.shape}, ${isKnown(fault) ? "in the order" : "in an order that begins with"} ${nodes}`;
    case "link":
      return `links of ${nodes}: ${shapeText(fault.shape)}`;
    case "clock":
      return `clock of ${nodes}: ${fault.motion} by ${fault.offsetMs} ms`;
  }
}

const isKnown = ({ aim, on }: FaultPlan): boolean =>
  aim === undefined && (on === undefined || on.at.length === 1);
