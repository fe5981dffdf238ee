/**
 * Had the cluster come to rest when it was judged? A version that no final read shows is lost only if it cannot
 * still be on its way: in an undelivered hint, or on a node that nobody could reach.
 */
import type { KeyDag } from "./graph/version-dag.ts";
import type { Calm, NodeName } from "./history/event.ts";
import type { History } from "./history/history.ts";
import { membersAtEnd } from "./history/members-at-end.ts";

/** The last look at each node. */
export const lastLooks = ({ calm }: History): ReadonlyMap<NodeName, Calm> =>
  new Map(calm.map((look) => [look.node, look]));

/** A look that the node did not answer: it says nothing of hints or trees. */
export const isUnanswered = ({ isQuiet, treeRoots, reason }: Calm): boolean =>
  !isQuiet && reason !== undefined && Object.keys(treeRoots).length === 0;

/** Why the cluster is not known to be at rest, one sentence; undefined when every node says it is. */
export const unrest = (history: History): string | undefined => {
  const looks = lastLooks(history);
  if (looks.size === 0) return "Nobody looked whether the cluster had come to rest.";
  const unseen = membersAtEnd(history).find((node) => !looks.has(node));
  if (unseen !== undefined) return `${unseen} was not looked at after the heal.`;
  const restless = [...looks.values()].find(({ isQuiet }) => !isQuiet);
  if (restless === undefined) return undefined;
  return `${restless.node} had not come to rest: ${restless.reason ?? reasonIn(restless)}.`;
};

const reasonIn = ({ hintCount, unreachablePeers }: Calm): string => {
  if (unreachablePeers.length > 0) return `it could not reach ${unreachablePeers.join(", ")}`;
  return hintCount > 0 ? `it held ${hintCount} hints` : "its hash trees differed from those of its peers";
};

/**
 * Whether a version of the key that no final read shows might still arrive: because a node may hold a hint with it,
 * or was not looked at, or because a replica stores it and the cluster was still exchanging. When nobody looked at
 * the nodes at all, the final reads are all there is, and count.
 */
export const lateVersions = (history: History, dag: KeyDag): ((version: number) => boolean) => {
  const looks = [...lastLooks(history).values()];
  if (looks.length === 0 || unrest(history) === undefined) return () => false;
  const answered = new Set(looks.filter((look) => !isUnanswered(look)).map(({ node }) => node));
  const isUnseen = membersAtEnd(history).some((node) => !answered.has(node));
  const mayHold = looks.some(({ hintCount, unreachablePeers }) => hintCount + unreachablePeers.length > 0);
  if (isUnseen || mayHold) return () => true;
  const dumped = [...history.dumpsOfKey(dag.key)].flatMap((row) => [
    ...history.dumps.observed(row),
    ...history.dumps.tombstones(row),
  ]);
  const stored = dag.reached(dumped);
  return (version) => stored[dag.position(version)] === 1;
};

/** How long a node must have made no progress at all to be called stuck instead of late. */
export const stuckMicros = 10_000_000;

/**
 * Nodes that are stuck: looked at twice, `stuckMicros` apart, not quiet at the second look, all peers reachable at
 * both, and holding the same hints and the same trees as before. What differs there differs for good.
 */
export const stuckNodes = ({ calm }: History): readonly NodeName[] => {
  const looksOf = new Map<NodeName, Calm[]>();
  for (const look of calm) looksOf.set(look.node, [...(looksOf.get(look.node) ?? []), look]);
  return [...looksOf].filter(([, looks]) => isStuck(looks)).map(([node]) => node);
};

const isStuck = (looks: readonly Calm[]): boolean => {
  const last = looks.at(-1);
  if (last === undefined || last.isQuiet || isUnanswered(last)) return false;
  const recent = looks.filter(({ at }) => at >= last.at - stuckMicros);
  const before = looks.findLast(({ at }) => at <= last.at - stuckMicros);
  if (before === undefined) return false;
  const progress = progressOf(last);
  return [before, ...recent].every(
    (look) => look.unreachablePeers.length === 0 && progressOf(look) === progress,
  );
};

const progressOf = ({ hintCount, treeRoots }: Calm): string =>
  JSON.stringify([hintCount, Object.entries(treeRoots).toSorted()]);
