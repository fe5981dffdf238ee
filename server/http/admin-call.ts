/**
 * One call of the admin port: what it is for machines and people, and what it does. The routes and their description
 * are made from the same list, so that neither can say what the other does not.
 */
import * as z from "zod";
import type { Node, Operation } from "../node.ts";
import type { ErrorName } from "../outcomes.ts";
import { type Answer, refusal } from "./answer.ts";
import type { Route } from "./listener.ts";
import {
  always,
  answersOfNoCall,
  failures,
  type Json,
  jsonContent,
  queryParameters,
} from "./openapi-parts.ts";
import { parseQuery, type Query, type QueryShape } from "./target.ts";

/** What a call works with: the node, the protocols that take orders, and its parameters. */
export type Asked = { readonly node: Node; readonly operation: Operation; readonly query: Query };

export type AdminCall = {
  readonly method: "GET" | "POST";
  /** Below `/admin/`. */
  readonly path: string;
  /** One sentence. */
  readonly summary: string;
  readonly query: QueryShape;
  /** Of the JSON of a 200. */
  readonly schema: z.ZodType;
  /** Beside those that any call may end with. */
  readonly errors: readonly ErrorName[];
  readonly answer: (asked: Asked) => Promise<Answer>;
};

/** A node that does not serve yet, or no more, takes no orders. */
const whileStopped: ErrorName = "shutting-down";

export function routeOf({ method, path, query: shape, answer }: AdminCall, node: Node): Route {
  return {
    method,
    path: `/admin/${path}`,
    name: `admin-${path.replaceAll("/", "-")}`,
    answer: async (call) => {
      const query = parseQuery(call.target, shape);
      if (query.type === "bad") return refusal("bad-request", query.detail);
      const { operation } = node;
      if (operation === undefined) return refusal(whileStopped, "The node does not serve.");
      return answer({ node, operation, query: query.value });
    },
  };
}

/** The OpenAPI 3.1 document of these calls. */
export function documentOf(calls: readonly AdminCall[]): Json {
  const paths = new Map<string, Json>();
  for (const { method, path, summary, query, schema, errors } of calls) {
    const operation = {
      operationId: `admin-${path.replaceAll("/", "-")}`,
      summary,
      parameters: queryParameters(query),
      responses: {
        200: jsonContent(summary, schema),
        ...failures([...new Set([...always, ...errors, whileStopped])]),
      },
    };
    const known = paths.get(`/admin/${path}`) ?? {};
    paths.set(`/admin/${path}`, { ...known, [method.toLowerCase()]: operation });
  }
  const description = `Orders of an operator, on a port of its own that only this machine reaches. ${answersOfNoCall()}`;
  return {
    openapi: "3.1.0",
    info: { title: "tipcart server, admin port", version: "1", description },
    paths: Object.fromEntries(paths),
  };
}

/** Of a document. */
export const anyObject = z.looseObject({});
