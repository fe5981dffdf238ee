/**
 * A cart as the bytes that the store keeps:
 *
 *     {"v":1,"key":…,"write":…,"parents":[…],"codec":…, the codec's fields}   one line of JSON
 *     "\n"
 *     random bytes
 *
 * The line says which write made this version and which versions it was built on, so that the history's order of
 * versions never rests on the store's word. The random bytes are there to be damaged: an encoding that does not carry
 * bytes exactly changes them, and with them the SHA-1 of the whole, which the history knows from the invocation.
 */
import { createHash } from "node:crypto";
import * as z from "zod";
import type { Observed, WriteId } from "../../checkers/history/event.ts";

export type ValueHead = {
  readonly key: string;
  readonly write: WriteId;
  readonly parents: readonly WriteId[];
};

export type DecodedValue = ValueHead & {
  /** All of the line's JSON, for a codec to parse. */
  readonly fields: unknown;
};

const writeIdShape = z.string().regex(/^\d+\.\d+(\/[a-z0-9-]+)?$/);

const headShape = z.object({
  v: z.literal(1),
  key: z.string(),
  write: writeIdShape,
  parents: z.array(writeIdShape),
});

const newline = 0x0a;

/** `fields` are a codec's or an order's; `padding` is any bytes. */
export function encodeValue(
  head: ValueHead,
  fields: Readonly<Record<string, unknown>>,
  padding: Uint8Array,
): Uint8Array {
  const { key, write, parents } = head;
  return Buffer.concat([
    Buffer.from(`${JSON.stringify({ v: 1, key, write, parents, ...fields })}\n`),
    padding,
  ]);
}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Undefined for bytes that are not a value of this format. */
export function decodeValue(bytes: Uint8Array): DecodedValue | undefined {
  const end = bytes.indexOf(newline);
  if (end === -1) return undefined;
  const fields = parseJson(Buffer.from(bytes.buffer, bytes.byteOffset, end).toString("utf8"));
  const head = headShape.safeParse(fields);
  if (!head.success) return undefined;
  return { key: head.data.key, write: head.data.write, parents: head.data.parents, fields };
}

/** Hex SHA-1 of the whole value. */
export const digestOf = (bytes: Uint8Array): string => createHash("sha1").update(bytes).digest("hex");

/** What a read has seen. Bytes that name no write are a phantom: `write` is null. */
export const observe = (bytes: Uint8Array): Observed => ({
  write: decodeValue(bytes)?.write ?? null,
  digest: digestOf(bytes),
});
