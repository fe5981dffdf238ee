/**
 * The client API described for machines (OpenAPI 3.1), made from what the API itself uses: the errors with their
 * statuses, the parameters of each call, and the schemas of its JSON. A test holds it against a running node.
 */
import * as z from "zod";
import type { ErrorName } from "../outcomes.ts";
import { foundSchema, healthSchema, preferenceSchema, ringSchema, wroteSchema } from "./answer-schemas.ts";
import { deleteQuery, getQuery, putQuery } from "./item-query.ts";
import {
  always,
  answersOfNoCall,
  failures,
  headerOf,
  headerParameter,
  type Json,
  jsonContent,
  queryParameters,
  schemaOf,
} from "./openapi-parts.ts";

const ofRead: readonly ErrorName[] = [
  ...always,
  "bad-context",
  "too-many-siblings",
  "overloaded",
  "quorum-unmet",
  "context-unmet",
  "shutting-down",
  "not-a-member",
  "timeout",
];
const ofWrite: readonly ErrorName[] = [
  ...always,
  "bad-context",
  "precondition",
  "too-large",
  "too-many-siblings",
  "overloaded",
  "quorum-unmet",
  "read-only",
  "shutting-down",
  "not-a-member",
  "timeout",
];

const contextHeader = headerOf("The context: opaque, echoed with the next write of this key.");
const coordinatorHeader = headerOf("The node that coordinated the request.");
const versionsHeader = headerOf(
  "How the bucket tells versions apart; all but dvv may lose concurrent writes.",
);
const writeIdHeader = headerOf("The name of the write that made the value.");
const readHeaders = {
  "tipcart-context": contextHeader,
  "tipcart-coordinator": coordinatorHeader,
  "tipcart-versions": versionsHeader,
};

let made: Json | undefined;

/** The document; made once, when somebody first asks for it. */
export function openApiDocument(): Json {
  made ??= {
    openapi: "3.1.0",
    info: {
      title: "tipcart server",
      version: "1",
      description: `A key-value store after the Dynamo paper. ${answersOfNoCall()}`,
    },
    paths: {
      "/v1/{bucket}/{key}": {
        parameters: [pathParameter("bucket"), pathParameter("key")],
        get: getOperation(),
        put: putOperation(),
        delete: deleteOperation(),
      },
      "/v1/preference/{bucket}/{key}": {
        parameters: [pathParameter("bucket"), pathParameter("key")],
        get: simple("preference", "A key's homes and fallbacks, in order.", preferenceSchema),
      },
      "/v1/ring": {
        get: simple("ring", "Members, buckets and who is asked for each partition.", ringSchema),
      },
      "/v1/health": { get: healthOperation() },
      "/v1/openapi.json": { get: simple("openapi", "This document.", z.looseObject({})) },
      "/metrics": { get: metricsOperation() },
    },
  };
  return made;
}

function getOperation(): Json {
  const several = jsonContent("All concurrent values.", foundSchema, readHeaders);
  const one = {
    description: "One value: its bytes, or JSON when the request accepts that.",
    headers: { ...readHeaders, "tipcart-write-id": { ...writeIdHeader, required: false } },
    content: { "application/octet-stream": {}, "application/json": { schema: schemaOf(foundSchema) } },
  };
  const none = jsonContent("No value; the tombstones, if it was deleted.", foundSchema, readHeaders);
  return {
    operationId: "get",
    parameters: [...queryParameters(getQuery), headerParameter("accept")],
    responses: { 200: one, 300: several, 404: none, ...failures(ofRead) },
  };
}

function putOperation(): Json {
  return {
    operationId: "put",
    parameters: [...queryParameters(putQuery), ...writeHeaders()],
    requestBody: { required: true, content: { "application/octet-stream": {} } },
    responses: { 200: wrote(), ...failures([...ofWrite, "encoded-body"]) },
  };
}

function deleteOperation(): Json {
  return {
    operationId: "delete",
    parameters: [...queryParameters(deleteQuery), ...writeHeaders()],
    responses: { 200: wrote(), ...failures(ofWrite) },
  };
}

function healthOperation(): Json {
  const responses = {
    200: jsonContent("The node serves.", healthSchema),
    503: jsonContent("It does not, or not yet.", healthSchema),
    ...failures(always),
  };
  return { operationId: "health", responses };
}

function metricsOperation(): Json {
  const ok = { description: "Prometheus text, version 0.0.4.", content: { "text/plain": {} } };
  return { operationId: "metrics", responses: { 200: ok, ...failures(always) } };
}

function simple(operationId: string, description: string, schema: z.ZodType): Json {
  return { operationId, responses: { 200: jsonContent(description, schema), ...failures(always) } };
}

function wrote(): Json {
  const { "tipcart-versions": versions } = readHeaders;
  return jsonContent("Acknowledged by as many as were asked for.", wroteSchema, {
    "tipcart-context": contextHeader,
    "tipcart-coordinator": coordinatorHeader,
    "tipcart-versions": versions,
    "tipcart-write-id": writeIdHeader,
  });
}

function pathParameter(name: "bucket" | "key"): Json {
  const description =
    name === "bucket"
      ? "1 to 128 bytes of percent-encoded UTF-8 without a zero byte; not `preference`."
      : "Percent-encoded UTF-8; all that follows the bucket's slash, slashes included.";
  return { name, in: "path", required: true, description, schema: { type: "string", minLength: 1 } };
}

function writeHeaders(): readonly Json[] {
  return [headerParameter("tipcart-context"), headerParameter("tipcart-write-id")];
}
