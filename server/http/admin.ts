/**
 * The admin port: what an operator may do, and only where the configuration opened the port.
 *
 * Orders change who belongs; they are answered once they are on this node's disk, with those who know of them by then,
 * and each has a plan, which says what it would move and changes nothing. Everything else looks, or tells this one node
 * to hold still, to hand off, or to repair.
 */
import type { Node } from "../node.ts";
import type { Order } from "../protocols/administration.ts";
import { type AdminCall, type Asked, anyObject, documentOf, routeOf } from "./admin-call.ts";
import {
  changesSchema,
  drainSchema,
  handoffSchema,
  keyRepairSchema,
  orderedSchema,
  partitionRepairSchema,
  planSchema,
  strangersSchema,
  transferSchema,
} from "./admin-schemas.ts";
import { type Answer, jsonAnswer, refusal } from "./answer.ts";
import type { Route } from "./listener.ts";
import type { Query, QueryShape } from "./target.ts";

export const orderTypes = ["join", "leave", "remove", "replace", "cancel"] as const;

const meanings: Readonly<Record<Order["type"], string>> = {
  join: "lets a node in that runs and has been heard of",
  leave: "has a member give everything away and go",
  remove: "ends a member now, with whatever only it had",
  replace: "gives the place of a lost member to the process that now speaks under its name",
  cancel: "takes back a join or a leave that is not over",
};

const named: QueryShape = { node: "text" };
const joining: QueryShape = { node: "text", capacity: { min: 1, max: 100 }, dc: "text", rack: "text" };
const waiting: QueryShape = { timeout: { min: 1, max: 60_000 } };
const nothing: QueryShape = {};
const waitMsDefault = 5000;

const orders = orderTypes.map(
  (type): AdminCall => ({
    method: "POST",
    path: type,
    summary: `This ${meanings[type]}.`,
    query: type === "join" ? joining : named,
    schema: orderedSchema,
    errors: ["order-refused"],
    answer: (asked) => ordered(type, asked, (order) => asked.node.order(order)),
  }),
);

const plans = orderTypes.map(
  (type): AdminCall => ({
    method: "GET",
    path: `plan/${type}`,
    summary: `What would be moved by the order that ${meanings[type]}; nothing is changed.`,
    query: type === "join" ? joining : named,
    schema: planSchema,
    errors: ["order-refused"],
    answer: (asked) => ordered(type, asked, (order) => asked.operation.forecasts.of(order)),
  }),
);

const repair: AdminCall = {
  method: "POST",
  path: "repair",
  summary:
    "Compares a partition this node is a home of, or any key, at all its homes, and mends what differs.",
  query: { partition: { min: 0, max: 4095 }, bucket: "text", key: "text", ...waiting },
  schema: partitionRepairSchema.or(keyRepairSchema),
  errors: ["order-refused"],
  answer: repaired,
};

/** Every call there is, but for the one that describes them. */
export const adminCalls: readonly AdminCall[] = [
  ...orders,
  ...plans,
  look("members", "Who belongs, and in which state.", changesSchema, ({ node }) => node.membership().members),
  look("history", "Every change of the members.", changesSchema, ({ node }) => node.membership().history),
  look("strangers", "Who has been heard of and is no member.", strangersSchema, ({ node }) =>
    node.strangers(),
  ),
  look("transfer", "What this node has to take over, give or drop.", transferSchema, transferStatus),
  holding("transfer/pause", "Moves no partitions to or from this node.", transferSchema, (asked) => {
    asked.operation.transfer.pause(true);
    return transferStatus(asked);
  }),
  holding("transfer/resume", "Moves partitions again.", transferSchema, (asked) => {
    asked.operation.transfer.pause(false);
    return transferStatus(asked);
  }),
  look("handoff", "What this node holds for others.", handoffSchema, handoffStatus),
  holding("handoff/pause", "Delivers no hints.", handoffSchema, (asked) => {
    asked.operation.handoff.isPaused = true;
    return handoffStatus(asked);
  }),
  holding("handoff/resume", "Delivers hints again.", handoffSchema, (asked) => {
    asked.operation.handoff.isPaused = false;
    return handoffStatus(asked);
  }),
  look("drain", "Whether this node may be stopped.", drainSchema, ({ operation }) =>
    operation.drain.status(),
  ),
  {
    ...holding(
      "drain",
      "Takes no more requests of clients, and hands off what only this node has.",
      drainSchema,
    ),
    query: waiting,
    answer: async ({ operation, query }) => jsonAnswer(200, await operation.drain.begin(waitOf(query))),
  },
  holding("drain/cancel", "Takes requests of clients again.", drainSchema, (asked) =>
    asked.operation.drain.cancel(),
  ),
  repair,
];

export function adminRoutes(node: Node): readonly Route[] {
  const document = look("openapi.json", "This document.", anyObject, () => adminDocument());
  return [...adminCalls, document].map((call) => routeOf(call, node));
}

/** OpenAPI 3.1 of the admin port. */
export function adminDocument(): { readonly [name: string]: unknown } {
  return documentOf([...adminCalls, look("openapi.json", "This document.", anyObject, () => null)]);
}

function look(
  path: string,
  summary: string,
  schema: AdminCall["schema"],
  view: (asked: Asked) => unknown,
): AdminCall {
  const answer = async (asked: Asked) => jsonAnswer(200, view(asked));
  return { method: "GET", path, summary, query: nothing, schema, errors: [], answer };
}

function holding(
  path: string,
  summary: string,
  schema: AdminCall["schema"],
  act: (asked: Asked) => unknown = () => null,
): AdminCall {
  return { ...look(path, summary, schema, act), method: "POST" };
}

function transferStatus({ operation }: Asked): unknown {
  return operation.transfer.status();
}

function handoffStatus({ operation }: Asked): unknown {
  return operation.handoff.status();
}

function waitOf(query: Query): number {
  return query.numbers.get("timeout") ?? waitMsDefault;
}

async function ordered(
  type: Order["type"],
  { query: { texts, numbers } }: Asked,
  give: (
    order: Order,
  ) => Promise<{ readonly type: "ok" } | { readonly type: "refused"; readonly detail: string }>,
): Promise<Answer> {
  const nodeId = texts.get("node");
  if (nodeId === undefined) {
    return refusal("bad-request", "The parameter node is missing; it says whom this is about.");
  }
  const [capacity, dc, rack] = [numbers.get("capacity"), texts.get("dc"), texts.get("rack")];
  const given = {
    ...(capacity !== undefined && { capacity }),
    ...(dc !== undefined && { dc }),
    ...(rack !== undefined && { rack }),
  };
  const outcome = await give(type === "join" ? { type, nodeId, ...given } : { type, nodeId });
  return outcome.type === "ok" ? jsonAnswer(200, outcome) : refusal("order-refused", outcome.detail);
}

async function repaired({ node, operation, query }: Asked): Promise<Answer> {
  const partition = query.numbers.get("partition");
  const [bucket, key] = [query.texts.get("bucket"), query.texts.get("key")];
  if (partition !== undefined && bucket === undefined && key === undefined) {
    const { partitionCount } = node.ring();
    if (partition >= partitionCount) {
      return refusal("bad-request", `The partition must be a whole number from 0 to ${partitionCount - 1}.`);
    }
    const outcome = await operation.repair.partition(partition, waitOf(query));
    return outcome.type === "ok" ? jsonAnswer(200, outcome) : refusal("order-refused", outcome.detail);
  }
  if (partition !== undefined || !bucket || !key) {
    return refusal("bad-request", "What to repair is named by partition, or by bucket and key.");
  }
  return jsonAnswer(200, await operation.repair.key({ bucket, key }));
}
