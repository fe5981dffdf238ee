/** Pieces of an OpenAPI document, made from what the calls themselves use: errors, schemas and queries. */
import * as z from "zod";
import { type ErrorName, errors } from "../outcomes.ts";
import { failureSchema } from "./answer-schemas.ts";
import type { QueryShape } from "./target.ts";

export type Json = { readonly [name: string]: unknown };

/** What any call may end with, once it is known which call it is. */
export const always: readonly ErrorName[] = ["bad-request", "internal"];

/** Answers that no call gives, since it is not known which call it would be. */
export const beforeAnyCall: readonly ErrorName[] = [
  "no-such-route",
  "method-not-allowed",
  "too-slow",
  "headers-too-large",
];

/** For the head of a document: what else may come back. */
export function answersOfNoCall(): string {
  const told = beforeAnyCall.map((name) => `${errors[name].status} ${name} (${errors[name].meaning})`);
  return `Whatever is asked, also: ${told.join("; ")}.`;
}

/** One response a status, whose schema names the errors that have it. */
export function failures(names: readonly ErrorName[]): Json {
  const byStatus = new Map<number, ErrorName[]>();
  for (const name of names) {
    const { status } = errors[name];
    byStatus.set(status, [...(byStatus.get(status) ?? []), name]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, [first, ...more]]) => {
      const error = z.enum(first === undefined ? [] : [first, ...more]);
      const description = [first, ...more]
        .flatMap((name) => (name ? [errors[name].meaning] : []))
        .join("; or ");
      const headers = status === errors.overloaded.status ? { "retry-after": headerOf("Seconds.") } : {};
      return [status, jsonContent(`${description}.`, failureSchema.extend({ error }), headers)];
    }),
  );
}

export function jsonContent(description: string, schema: z.ZodType, headers: Json = {}): Json {
  return { description, headers, content: { "application/json": { schema: schemaOf(schema) } } };
}

export function schemaOf(schema: z.ZodType): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema);
  return rest;
}

export function headerOf(description: string): Json {
  return { description, required: true, schema: { type: "string" } };
}

export function queryParameters(shape: QueryShape): readonly Json[] {
  return Object.entries(shape).map(([name, expected]) => {
    if (expected === "flag") return { name, in: "query", allowEmptyValue: true, schema: { type: "string" } };
    if (expected === "text") return { name, in: "query", schema: { type: "string" } };
    return { name, in: "query", schema: { type: "integer", minimum: expected.min, maximum: expected.max } };
  });
}

export function headerParameter(name: string): Json {
  return { name, in: "header", schema: { type: "string" } };
}
