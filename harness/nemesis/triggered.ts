/**
 * A fault that strikes at a moment of a protocol. When it begins, its nodes are armed; whoever comes to the moment
 * first stops itself there and is hit, the others are disarmed. What is done to it is done while it stands still, so
 * that not one statement of the node comes between the moment and the fault; then it is continued, where the fault
 * leaves anything to continue. A moment that does not come by the fault's end leaves it ineffective.
 */
import type { NodeName } from "../../checkers/history/event.ts";
import type { Cluster, Done } from "../cluster/cluster.ts";
import { eachNode } from "./each-node.ts";
import { type FaultPlan, type Nemesis, never, type Trigger } from "./nemesis.ts";

type Stopped = { readonly node: NodeName; readonly evidence: string };

/** Those that can be armed; a node that another fault keeps down cannot. */
async function arm(cluster: Cluster, fault: string, { moment, at }: Trigger): Promise<readonly NodeName[]> {
  const armed = await Promise.all(
    at.map(async (node) => ({ node, outcome: await cluster.arm(fault, node, moment) })),
  );
  return armed.filter(({ outcome }) => outcome.type === "done").map(({ node }) => node);
}

/** The first of them to stand still; undefined when none does before `over`. */
async function firstStopped(
  cluster: Cluster,
  nodes: readonly NodeName[],
  over: AbortSignal,
): Promise<Stopped | undefined> {
  const found = new AbortController();
  const until = AbortSignal.any([over, found.signal]);
  const stopped: Stopped[] = [];
  await Promise.all(
    nodes.map(async (node) => {
      const outcome = await cluster.awaitMoment(node, until);
      if (outcome.type === "failed") return;
      stopped.push({ node, evidence: outcome.evidence });
      found.abort();
    }),
  );
  return stopped[0];
}

/** Who is hit when `first` has stopped: itself; of a partition it stands first; a power cut is that of all. */
function struck(fault: FaultPlan, first: NodeName): readonly NodeName[] {
  switch (fault.kind) {
    case "power-cut":
      return fault.nodes;
    case "partition":
      if (fault.shape === "custom") return fault.nodes;
      return [first, ...fault.nodes.filter((node) => node !== first)].slice(0, fault.nodes.length);
    default:
      return [first];
  }
}

/**
 * Undoes the stop itself where the fault does not consist of it. A clock is looked at through its node, which must go
 * on for that; it is wrong before the node does.
 */
async function strike(
  nemesis: Nemesis,
  { id, kind }: FaultPlan,
  node: NodeName,
  cluster: Cluster,
): Promise<Done> {
  const acting = nemesis.inject(cluster);
  if (kind !== "clock") await acting;
  const goesOn = kind === "clock" || kind === "partition";
  const continued = goesOn ? await cluster.disarm(id, node) : undefined;
  const done = await acting;
  if (done.type === "failed" || continued === undefined || continued.type === "failed") {
    return done.type === "failed" ? done : (continued ?? done);
  }
  return { type: "done", evidence: `${done.evidence}; ${continued.evidence}` };
}

/** `nemesisOf`: of the same fault, once it is known who is hit. */
export function triggeredNemesis(
  { on, ...fault }: FaultPlan & { readonly on: Trigger },
  nemesisOf: (fault: FaultPlan) => Nemesis,
): Nemesis {
  let found: { readonly nodes: readonly NodeName[]; readonly nemesis: Nemesis } | undefined;
  const { needs, backend } = nemesisOf(fault);
  return {
    needs: [...needs, "trigger"],
    backend: (cluster) => `SIGSTOP of itself at ${on.moment}, then ${backend(cluster)}`,
    hit: () => found?.nodes ?? [],
    inject: async (cluster, over = never) => {
      const armed = await arm(cluster, fault.id, on);
      if (armed.length === 0)
        return { type: "failed", reason: `None of ${on.at.join(", ")} could be armed with ${on.moment}.` };
      const first = await firstStopped(cluster, armed, over);
      if (first === undefined)
        return { type: "failed", reason: `${armed.join(", ")} did not come to ${on.moment} in time.` };
      const nodes = struck(fault, first.node);
      const nemesis = nemesisOf({ ...fault, nodes });
      found = { nodes, nemesis };
      const others = armed.filter((node) => node !== first.node);
      const spared =
        others.length === 0 ? undefined : eachNode(others, (node) => cluster.disarm(fault.id, node));
      const done = await strike(nemesis, fault, first.node, cluster);
      const disarmed = await spared;
      if (disarmed?.type === "failed") return disarmed;
      if (done.type === "failed") return done;
      return {
        type: "done",
        evidence: `${first.node} came to ${on.moment}: ${first.evidence}; ${done.evidence}`,
      };
    },
    heal: async (cluster) => {
      const healed = await found?.nemesis.heal(cluster);
      const disarmed = await eachNode(on.at, (node) => cluster.disarm(fault.id, node));
      return healed === undefined || disarmed.type === "failed" ? disarmed : healed;
    },
  };
}
