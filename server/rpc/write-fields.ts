/**
 * A client's write, forwarded to a node that may coordinate it, and its outcome on the way back, as fields.
 * An absent option is null. See codec.ts.
 */
import {
  type Acknowledgement,
  type ClientWrite,
  type ErrorName,
  errors,
  type WriteOutcome,
} from "../outcomes.ts";
import type { FieldReader } from "./field-reader.ts";

type Failure = {
  readonly error: ErrorName;
  readonly detail: string;
  readonly needed?: number;
  readonly had?: number;
};

const errorNames: readonly [ErrorName, ...ErrorName[]] = ["bad-request", ...namesOf(errors)];

export function fieldsOfWrite(write: ClientWrite): readonly unknown[] {
  const { bucket, key, value, context, writeId, n, w, pw, dw, timeoutMs } = write;
  return [
    bucket,
    key,
    value,
    context ?? null,
    writeId ?? null,
    n ?? null,
    w ?? null,
    pw ?? null,
    dw ?? null,
    timeoutMs ?? null,
  ];
}

export function readWrite(fields: FieldReader): ClientWrite {
  const bucket = fields.text();
  const key = fields.text();
  const value = fields.optional(() => fields.bytes()) ?? null;
  const context = fields.optional(() => fields.text());
  const writeId = fields.optional(() => fields.text());
  return {
    bucket,
    key,
    value,
    ...(context !== undefined && { context }),
    ...(writeId !== undefined && { writeId }),
    ...readNumbers(fields, ["n", "w", "pw", "dw", "timeoutMs"]),
  };
}

export function fieldsOfWriteOutcome(outcome: WriteOutcome): readonly unknown[] {
  if (outcome.type !== "ok") return [outcome.type, ...fieldsOfFailure(outcome)];
  const { type, context, writeId, dot, coordinator, acknowledgements, degraded } = outcome;
  return [type, context, writeId, dot, coordinator, acknowledgements.map(fieldsOfAcknowledgement), degraded];
}

export function readWriteOutcome(fields: FieldReader): WriteOutcome {
  const type = fields.oneOf(["ok", "fail", "info"]);
  if (type !== "ok") return { type, ...readFailure(fields) };
  return {
    type,
    context: fields.text(),
    writeId: fields.text(),
    dot: fields.text(),
    coordinator: fields.text(),
    acknowledgements: fields.items((list) => list.nested(readAcknowledgement)),
    degraded: fields.flag(),
  };
}

function fieldsOfAcknowledgement(acknowledgement: Acknowledgement): readonly unknown[] {
  const { node, role, standsInFor, durability } = acknowledgement;
  return [node, role, durability, standsInFor ?? null];
}

function readAcknowledgement(fields: FieldReader): Acknowledgement {
  const node = fields.text();
  const role = fields.oneOf(["home", "fallback"]);
  const durability = fields.oneOf(["synced", "buffered"]);
  const standsInFor = fields.optional(() => fields.text());
  return { node, role, durability, ...(standsInFor !== undefined && { standsInFor }) };
}

function fieldsOfFailure({ error, detail, needed, had }: Failure): readonly unknown[] {
  return [error, detail, needed ?? null, had ?? null];
}

function readFailure(fields: FieldReader): Failure {
  const error = fields.oneOf(errorNames);
  const detail = fields.text();
  return { error, detail, ...readNumbers(fields, ["needed", "had"]) };
}

/** Optional numbers, one field each, in the order of `names`. */
function readNumbers<Name extends string>(
  fields: FieldReader,
  names: readonly Name[],
): { readonly [name in Name]?: number } {
  const given: { [name in Name]?: number } = {};
  for (const name of names) {
    const value = fields.optional(() => fields.number());
    if (value !== undefined) given[name] = value;
  }
  return given;
}

function namesOf<Name extends string>(table: { readonly [name in Name]: unknown }): readonly Name[] {
  return Object.keys(table) as Name[];
}
