/**
 * A fault aimed at a role: the plan says which role, and who plays it is asked of the running cluster when the fault
 * begins. A role that nobody plays by the fault's end leaves it ineffective.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { NodeName } from "../../checkers/history/event.ts";
import type { Cluster } from "../cluster/cluster.ts";
import { type Aim, type FaultPlan, type Nemesis, never } from "./nemesis.ts";
import type { Sights } from "./sights.ts";

const betweenLooksMs = 50;

/** "the homes of cart/s1/0", "the coordinator of the busiest key". */
export function roleText(aim: Aim): string {
  switch (aim.role) {
    case "hint-holder":
      return "the holder of most hints";
    case "homes":
    case "coordinator":
      return `the ${aim.role} of ${aim.key ?? "the busiest key"}`;
  }
}

type Players = { readonly nodes: readonly NodeName[]; readonly text: string };

async function playersOf(aim: Aim, cluster: Cluster, sights: Sights): Promise<Players> {
  if (aim.role === "hint-holder") {
    return { nodes: (await sights.hintHolders(cluster)).slice(0, 1), text: roleText(aim) };
  }
  const key = aim.key ?? sights.busiestKey();
  const homes = key === undefined ? [] : await sights.homesOf(cluster, key);
  const nodes = aim.role === "homes" ? homes : homes.slice(0, 1);
  return { nodes, text: key === undefined ? roleText(aim) : `the ${aim.role} of ${key}` };
}

/** `nemesisOf`: of the same fault, once it is known who is hit. */
export function aimedNemesis(
  { aim, ...fault }: FaultPlan & { readonly aim: Aim },
  sights: Sights,
  nemesisOf: (fault: FaultPlan) => Nemesis,
): Nemesis {
  let found: { readonly nodes: readonly NodeName[]; readonly nemesis: Nemesis } | undefined;
  const { needs, backend } = nemesisOf(fault);
  return {
    needs,
    backend,
    hit: () => found?.nemesis.hit?.() ?? found?.nodes ?? [],
    inject: async (cluster, over = never) => {
      for (;;) {
        const { nodes, text } = await playersOf(aim, cluster, sights);
        if (nodes.length > 0) {
          const known = { ...fault, nodes, ...(fault.on && { on: { ...fault.on, at: nodes } }) };
          const nemesis = nemesisOf(known);
          found = { nodes, nemesis };
          const injected = await nemesis.inject(cluster, over);
          const verb = nodes.length === 1 ? "is" : "are";
          return injected.type === "failed"
            ? injected
            : { type: "done", evidence: `${text} ${verb} ${nodes.join(", ")}; ${injected.evidence}` };
        }
        if (over.aborted) return { type: "failed", reason: `Nobody was ${text} while the fault lasted.` };
        await delay(betweenLooksMs);
      }
    },
    heal: async (cluster) => found?.nemesis.heal(cluster) ?? { type: "done", evidence: "nobody was hit" },
  };
}
