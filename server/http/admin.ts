/**
 * The admin port: what an operator may do, and only where the configuration opened the port.
 *
 * Orders change who belongs; they are answered once they are on this node's disk, with those who know of them by then.
 * Everything else looks, or tells this one node to hold still.
 */
import type { Node } from "../node.ts";
import type { Order } from "../protocols/administration.ts";
import { type Answer, jsonAnswer, refusal } from "./answer.ts";
import type { Call, Route } from "./listener.ts";
import { parseQuery, type QueryShape } from "./target.ts";

const orderTypes = ["join", "leave", "remove", "replace", "cancel"] as const;
const named: QueryShape = { node: "text" };
const joining: QueryShape = { node: "text", capacity: { min: 1, max: 100 }, dc: "text", rack: "text" };
const nothing: QueryShape = {};

export function adminRoutes(node: Node): readonly Route[] {
  return [
    ...orderTypes.map((type) => ({
      method: "POST" as const,
      path: `/admin/${type}`,
      name: `admin-${type}`,
      answer: (call: Call) => order(node, type, call),
    })),
    look("/admin/members", "admin-members", () => node.membership().members),
    look("/admin/history", "admin-history", () => node.membership().history),
    look("/admin/strangers", "admin-strangers", () => node.strangers()),
    look("/admin/transfer", "admin-transfer", () => node.transfer?.status() ?? null),
    act("/admin/transfer/pause", "admin-transfer-pause", () => hold(node, true)),
    act("/admin/transfer/resume", "admin-transfer-resume", () => hold(node, false)),
  ];
}

function look(path: string, name: string, view: () => unknown): Route {
  return {
    method: "GET",
    path,
    name,
    answer: async (call) => checked(call, nothing) ?? jsonAnswer(200, view()),
  };
}

function act(path: string, name: string, action: () => unknown): Route {
  return {
    method: "POST",
    path,
    name,
    answer: async (call) => checked(call, nothing) ?? jsonAnswer(200, action()),
  };
}

function hold(node: Node, isPaused: boolean): unknown {
  node.transfer?.pause(isPaused);
  return node.transfer?.status() ?? null;
}

/** What is wrong with a call's query, if anything is. */
function checked(call: Call, shape: QueryShape): Answer | undefined {
  const query = parseQuery(call.target, shape);
  return query.type === "bad" ? refusal("bad-request", query.detail) : undefined;
}

async function order(node: Node, type: Order["type"], call: Call): Promise<Answer> {
  const query = parseQuery(call.target, type === "join" ? joining : named);
  if (query.type === "bad") return refusal("bad-request", query.detail);
  const { texts, numbers } = query.value;
  const nodeId = texts.get("node");
  if (nodeId === undefined)
    return refusal("bad-request", "The parameter node is missing: whom is this about?");
  const [capacity, dc, rack] = [numbers.get("capacity"), texts.get("dc"), texts.get("rack")];
  const given = {
    ...(capacity !== undefined && { capacity }),
    ...(dc !== undefined && { dc }),
    ...(rack !== undefined && { rack }),
  };
  const ordered = await node.order(type === "join" ? { type, nodeId, ...given } : { type, nodeId });
  return jsonAnswer(ordered.type === "ok" ? 200 : 409, ordered);
}
