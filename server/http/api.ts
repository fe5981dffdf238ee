/**
 * The calls of clients and operators: items under /v1/{bucket}/{key}, the ring, a key's preference list, health and
 * metrics (Dynamo §4.1 with its context in a header).
 *
 * Values are bytes end to end: bodies are raw both ways, and base64 where JSON has to carry several. Everything is
 * checked here as far as HTTP goes, so that the node sees only well-formed requests.
 */
import type { NodeConfig } from "../config.ts";
import type { Node } from "../node.ts";
import type { ClientWrite } from "../outcomes.ts";
import { type Answer, jsonAnswer, refusal, textAnswer } from "./answer.ts";
import { deleteQuery, getQuery, putQuery } from "./item-query.ts";
import type { Call, Route } from "./listener.ts";
import { openApiDocument } from "./openapi.ts";
import { getAnswer, writeAnswer } from "./outcome-answer.ts";
import { type Item, type Parsed, parseItem, parseQuery, type Query, type QueryShape } from "./target.ts";
import { refusalOfHeaders } from "./write-headers.ts";

const writeIdPattern = /^[\x20-\x7e]{1,128}$/;
/** Its calls under this name would be taken for calls of `/v1/preference/{bucket}/{key}`. */
const reservedBucket = "preference";

export function clientRoutes(node: Node, config: NodeConfig, metricsText: () => string): readonly Route[] {
  return [
    { method: "GET", path: "/v1/ring", name: "ring", answer: async () => jsonAnswer(200, node.ring()) },
    { method: "GET", path: "/v1/health", name: "health", answer: async () => healthAnswer(node) },
    {
      method: "GET",
      path: "/v1/openapi.json",
      name: "openapi",
      answer: async () => jsonAnswer(200, openApiDocument()),
    },
    { method: "GET", path: "/metrics", name: "metrics", answer: async () => textAnswer(200, metricsText()) },
    {
      method: "GET",
      path: "/v1/preference/:bucket/*",
      name: "preference",
      answer: async (call) => preferenceAnswer(node, call),
    },
    ...itemRoutes(node, config.limits.valueBytesMax),
  ];
}

/** What the calls on items need: a node, or whatever passes them on to one. */
export type ItemStore = Pick<Node, "get" | "write" | "versionsOf">;

export function itemRoutes(store: ItemStore, valueBytesMax: number): readonly Route[] {
  return [
    { method: "GET", path: "/v1/:bucket/*", name: "get", answer: (call) => get(store, call) },
    { method: "PUT", path: "/v1/:bucket/*", name: "put", answer: (call) => put(store, valueBytesMax, call) },
    { method: "DELETE", path: "/v1/:bucket/*", name: "delete", answer: (call) => remove(store, call) },
  ];
}

async function get(store: ItemStore, call: Call): Promise<Answer> {
  const asked = parseCall(call, getQuery);
  if (asked.type === "bad") return refusal("bad-request", asked.detail);
  const { item, query } = asked.value;
  const outcome = await store.get({
    ...item,
    ...given("n", query.numbers.get("n")),
    ...given("r", query.numbers.get("r")),
    ...given("pr", query.numbers.get("pr")),
    ...given("minContext", query.texts.get("min-context")),
    ...given("timeoutMs", query.numbers.get("timeout")),
  });
  const wantsJson = call.header("accept")?.includes("application/json") === true;
  return getAnswer(outcome, store.versionsOf(item.bucket), wantsJson);
}

async function put(store: ItemStore, valueBytesMax: number, call: Call): Promise<Answer> {
  const asked = parseCall(call, putQuery);
  if (asked.type === "bad") return refusal("bad-request", asked.detail);
  const refused = refusalOfHeaders(call.header);
  if (refused !== undefined) return refused;
  const body = await call.readBody(valueBytesMax);
  switch (body.type) {
    case "too-large":
      return refusal("too-large", `The value is over the limit of ${valueBytesMax} bytes.`);
    case "overloaded":
      return refusal("overloaded", "Too many bytes of values are on their way to this node.");
    case "aborted":
      return refusal("bad-request", "The body ended before its announced length.");
    case "read":
      return write(store, call, {
        ...asked.value,
        value: body.bytes,
        context: call.header("tipcart-context"),
      });
  }
}

async function remove(store: ItemStore, call: Call): Promise<Answer> {
  const asked = parseCall(call, deleteQuery);
  if (asked.type === "bad") return refusal("bad-request", asked.detail);
  const refused = refusalOfHeaders(call.header);
  if (refused !== undefined) return refused;
  const { item, query } = asked.value;
  const context = call.header("tipcart-context");
  if (context !== undefined) return write(store, call, { item, query, value: null, context });
  if (!query.flags.has("force")) {
    const detail =
      "A delete needs the header tipcart-context of a read, or ?force to delete what a read finds now.";
    return refusal("bad-request", detail);
  }
  const found = await store.get({ ...item, ...given("timeoutMs", query.numbers.get("timeout")) });
  if (found.type === "fail") return getAnswer(found, store.versionsOf(item.bucket), true);
  return write(store, call, { item, query, value: null, context: found.context });
}

type AskedWrite = {
  readonly item: Item;
  readonly query: Query;
  readonly value: Uint8Array | null;
  readonly context: string | undefined;
};

async function write(
  store: ItemStore,
  call: Call,
  { item, query, value, context }: AskedWrite,
): Promise<Answer> {
  const writeId = call.header("tipcart-write-id");
  if (writeId !== undefined && !writeIdPattern.test(writeId)) {
    return refusal("bad-request", "The header tipcart-write-id must be 1 to 128 printable ASCII characters.");
  }
  const request: ClientWrite = {
    ...item,
    value,
    ...given("context", context),
    ...given("writeId", writeId),
    ...given("n", query.numbers.get("n")),
    ...given("w", query.numbers.get("w")),
    ...given("pw", query.numbers.get("pw")),
    ...given("dw", query.numbers.get("dw")),
    ...given("timeoutMs", query.numbers.get("timeout")),
  };
  return writeAnswer(await store.write(request), store.versionsOf(item.bucket));
}

function preferenceAnswer(node: Node, call: Call): Answer {
  const item = parseItem(call.target, `/v1/${reservedBucket}/`);
  if (item.type === "bad") return refusal("bad-request", item.detail);
  return jsonAnswer(200, node.preference(item.value.bucket, item.value.key));
}

function healthAnswer(node: Node): Answer {
  const health = node.health();
  return jsonAnswer(health.phase === "serving" ? 200 : 503, health);
}

function parseCall(call: Call, shape: QueryShape): Parsed<{ readonly item: Item; readonly query: Query }> {
  const item = parseItem(call.target, "/v1/");
  if (item.type === "bad") return item;
  if (item.value.bucket === reservedBucket) {
    return {
      type: "bad",
      detail: `No bucket can be called ${reservedBucket}: /v1/${reservedBucket}/ is a call of its own.`,
    };
  }
  const query = parseQuery(call.target, shape);
  return query.type === "bad" ? query : { type: "ok", value: { item: item.value, query: query.value } };
}

/** `{[name]: value}`, or nothing when there is no value. */
function given<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): { readonly [key in Name]?: Value } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [key in Name]?: Value });
}
