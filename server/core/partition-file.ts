/**
 * One partition as one file, to be archived and brought back (Dynamo §6.2: what equal partitions are good for).
 *
 *     [ "TCPART1\n" ][ origin : JSON text ][ count : varint ]
 *     count x [ bucket : text ][ key : text ][ key state : bytes ]
 *     [ crc32c of everything before : 4, big-endian ]
 *
 * It holds key states without whoever minted them: a node that takes them in merges them like any other replica's
 * state and counts on under an epoch of its own, so a backup that is restored never gives a dot a second time.
 */
import * as z from "zod";
import { ByteReader } from "./byte-reader.ts";
import { ByteWriter } from "./byte-writer.ts";
import { crc32c } from "./crc32c.ts";
import { decodeKeyState, encodeKeyState } from "./key-state-codec.ts";
import type { KeyState } from "./versions.ts";

const magic = Buffer.from("TCPART1\n");
const sumBytes = 4;

const originSchema = z.object({
  clusterId: z.string(),
  nodeId: z.string(),
  incarnation: z.string(),
  partition: z.number(),
  partitionCount: z.number(),
});

/** Where the file is from. `incarnation`: the life of the disk it was taken from. */
export type PartitionOrigin = z.infer<typeof originSchema>;

export type PartitionKey = { readonly bucket: string; readonly key: string; readonly state: KeyState };

export type PartitionFile = { readonly origin: PartitionOrigin; readonly keys: readonly PartitionKey[] };

export function encodePartition({ origin, keys }: PartitionFile): Uint8Array {
  const writer = new ByteWriter();
  writer.raw(magic);
  writer.text(JSON.stringify(origin));
  writer.varint(keys.length);
  for (const { bucket, key, state } of keys) {
    writer.text(bucket);
    writer.text(key);
    writer.bytes(encodeKeyState(state));
  }
  const sum = Buffer.alloc(sumBytes);
  sum.writeUInt32BE(crc32c(writer.peek()));
  writer.raw(sum);
  return writer.finish();
}

/** Undefined, and nothing of it, unless every byte is as it was written. */
export function decodePartition(bytes: Uint8Array): PartitionFile | undefined {
  if (bytes.length < magic.length + sumBytes) return undefined;
  const content = bytes.subarray(0, bytes.length - sumBytes);
  const sum = Buffer.from(bytes.subarray(content.length)).readUInt32BE();
  if (crc32c(content) !== sum || Buffer.compare(content.subarray(0, magic.length), magic) !== 0)
    return undefined;
  const reader = new ByteReader(content.subarray(magic.length));
  const origin = originOf(reader.text());
  const keys: PartitionKey[] = [];
  const count = reader.count(3);
  for (let index = 0; index < count; index += 1) {
    const bucket = reader.text();
    const key = reader.text();
    const state = decodeKeyState(reader.bytes());
    if (state.type !== "ok") return undefined;
    keys.push({ bucket, key, state: state.value });
  }
  return reader.isDone && origin !== undefined ? { origin, keys } : undefined;
}

function originOf(text: string): PartitionOrigin | undefined {
  try {
    return originSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
