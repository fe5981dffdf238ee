/**
 * Orders to let a node in or out (Dynamo §4.8.1), given as an operator gives them: to the admin port of any member
 * that answers, and again to the next one when that is killed meanwhile. What counts is never the answer alone but
 * what the members then say of the node.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { NodeName } from "../../checkers/history/event.ts";
import { askMembers, askTransfer, callAdmin, refusalIn } from "./admin-port.ts";
import type { Done } from "./cluster.ts";

export type MemberOrder = "join" | "leave";

/** A member and where its admin port is. */
export type Desk = { readonly node: NodeName; readonly adminUrl: string };

export type Patience = { readonly withinMs: number; readonly betweenMs: number };

const forOrders: Patience = { withinMs: 15_000, betweenMs: 100 };
const forTransfers: Patience = { withinMs: 10_000, betweenMs: 100 };

/**
 * Done once a member says that the node joins or leaves, or has done so already. Failed: refused for a reason that
 * time does not mend, or nobody took the order in time.
 */
export async function giveOrder(
  order: MemberOrder,
  node: NodeName,
  desks: readonly Desk[],
  patience: Patience = forOrders,
): Promise<Done> {
  const before = performance.now();
  let last = "no member answers";
  for (;;) {
    for (const desk of desks) {
      const seen = await orderAt(desk, order, node);
      if (seen.type === "taken") return { type: "done", evidence: seen.evidence };
      if (seen.type === "refused") return { type: "failed", reason: `${desk.node} refuses: ${seen.detail}` };
      last = seen.why;
    }
    if (performance.now() - before > patience.withinMs) {
      return {
        type: "failed",
        reason: `Nobody let ${node} ${order} within ${patience.withinMs} ms: ${last}.`,
      };
    }
    await delay(patience.betweenMs);
  }
}

type Seen =
  | { readonly type: "taken"; readonly evidence: string }
  | { readonly type: "refused"; readonly detail: string }
  | { readonly type: "not-yet"; readonly why: string };

async function orderAt({ node: member, adminUrl }: Desk, order: MemberOrder, node: NodeName): Promise<Seen> {
  const answer = await callAdmin("POST", `${adminUrl}/admin/${order}?node=${encodeURIComponent(node)}`);
  const members = await askMembers(adminUrl);
  const state = members?.get(node);
  // Whoever took the order may have died before it could answer; then the next one refuses it as given already.
  const isTaken = order === "join" ? state !== undefined : members !== undefined && state !== "valid";
  if (isTaken)
    return { type: "taken", evidence: `${member} says of ${node}: ${state ?? "no member any more"}` };
  if (answer.type === "silent")
    return { type: "not-yet", why: `${member} does not answer (${answer.reason})` };
  const detail = refusalIn(answer.body) ?? `status ${answer.status}`;
  if (answer.status === 409 && !detail.includes("has not been heard of")) return { type: "refused", detail };
  return { type: "not-yet", why: `${member} says ${detail.replace(/\.$/, "")}` };
}

/** How far a change of the ring has come. `isOver`: nothing is left to be moved by any member. */
export type Progress = { readonly isOver: boolean; readonly isMember: boolean; readonly evidence: string };

/** Looks until every member is done with it, or for as long as the patience lasts; then says what is left. */
export async function awaitChange(
  node: NodeName,
  desks: readonly Desk[],
  patience: Patience = forTransfers,
): Promise<Progress> {
  const deadline = performance.now() + patience.withinMs;
  for (;;) {
    const seen = await lookAt(node, desks);
    if (seen.isOver || performance.now() > deadline) return seen;
    await delay(patience.betweenMs);
  }
}

async function lookAt(node: NodeName, desks: readonly Desk[]): Promise<Progress> {
  const looks = await Promise.all(
    desks.map(async ({ node: member, adminUrl }) => ({
      member,
      states: await askMembers(adminUrl),
      moves: await askTransfer(adminUrl),
    })),
  );
  // A node that has left is nobody to ask any more.
  const told = looks.filter(({ states }) => states !== undefined);
  const state = told.map(({ states }) => states?.get(node)).find((one) => one !== undefined);
  const isGone = told.some(({ member, states }) => member !== node && states?.has(node) === false);
  const others = isGone ? looks.filter(({ member }) => member !== node) : looks;
  const unfinished = others.filter(({ moves }) => moves !== 0);
  const isAgreed = others.every(({ states }) => states?.get(node) === (isGone ? undefined : "valid"));
  const isOver = others.length > 0 && unfinished.length === 0 && isAgreed;
  const what = isGone ? `${node} is no member any more` : `${node} is ${state ?? "unheard of"}`;
  const left = unfinished.map(
    ({ member, moves }) => `${member} ${moves === undefined ? "is silent" : `has ${moves} moves before it`}`,
  );
  const evidence = isOver
    ? `${what}, and ${others.length} members have nothing left to move`
    : `${what}; still under way: ${left.join(", ") || "not all members know it yet"}`;
  return { isOver, isMember: !isGone, evidence };
}
