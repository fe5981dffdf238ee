/** For tests: an OpenAPI document as far as they read it, and an answer held against it. */
import { expect } from "vitest";
import * as z from "zod";
import type { Answered, ServedNode } from "./node-fixture.ts";

export const methods = ["get", "put", "delete", "post"] as const;
export type Method = (typeof methods)[number];
type Media = Readonly<Record<string, { readonly schema?: Record<string, unknown> }>>;
export type Documented = {
  readonly headers?: Readonly<Record<string, { readonly required: boolean }>>;
  readonly content: Media;
};
export type Operation = {
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly responses: Readonly<Record<string, Documented>>;
};
export type Paths = Readonly<Record<string, { readonly [method in Method]?: Operation }>>;

/** Throws if the answer is not the one described: its type, its headers, the schema of its JSON. */
export function expectDocumented(documented: Documented | undefined, answer: Answered, place: string): void {
  if (documented === undefined) throw new Error(`${place} is not documented`);
  const type = String(answer.headers["content-type"]).split(";", 1)[0] ?? "";
  const headers = documented.headers ?? {};
  const required = Object.keys(headers).filter((header) => headers[header]?.required === true);
  const told = Object.keys(answer.headers).filter((header) => header.startsWith("tipcart-"));
  expect({
    place,
    documentsType: type in documented.content,
    missing: required.filter((header) => answer.headers[header] === undefined),
    undocumented: told.filter((header) => !(header in headers)),
  }).toEqual({ place, documentsType: true, missing: [], undocumented: [] });
  const schema = documented.content[type]?.schema;
  if (schema !== undefined)
    z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]).parse(answer.json());
}

/** `method path status` of every answer that is described. */
export function statusesOf(paths: Paths): readonly string[] {
  return Object.entries(paths).flatMap(([path, item]) =>
    methods.flatMap((method) =>
      Object.keys(item[method]?.responses ?? {}).map((status) => `${method} ${path} ${status}`),
    ),
  );
}

export function pathsOf(document: unknown): Paths {
  return (JSON.parse(JSON.stringify(document)) as { readonly paths: Paths }).paths;
}

export function upper(method: Method): Parameters<ServedNode["call"]>[0] {
  return method.toUpperCase() as Parameters<ServedNode["call"]>[0];
}
