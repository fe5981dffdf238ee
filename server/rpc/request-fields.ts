/**
 * Requests between nodes as fields: the type first, then what belongs to it in a fixed order. See codec.ts.
 */
import { encodeKeyState } from "../core/key-state-codec.ts";
import type { KeyState } from "../core/versions.ts";
import type { FieldReader } from "./field-reader.ts";
import {
  fieldsOfDelta,
  fieldsOfDigest,
  fieldsOfIntroduction,
  readDelta,
  readDigest,
  readIntroduction,
} from "./gossip-fields.ts";
import type { DifferingKey, KeyName, PeerRequest, TreeName } from "./messages.ts";
import { fieldsOfWrite, readWrite } from "./write-fields.ts";

export type NamedState = KeyName & { readonly state: KeyState };

export function fieldsOfRequest(request: PeerRequest): readonly unknown[] {
  const { type } = request;
  switch (request.type) {
    case "ping":
      return [type];
    case "gossip-hash":
      return [type, request.hash, fieldsOfIntroduction(request.introduction)];
    case "gossip-delta":
      return [type, fieldsOfDigest(request.digest), fieldsOfDelta(request.delta)];
    case "transfer-offer":
    case "transfer-seal":
      return [type, fieldsOfTree(request.tree)];
    case "transfer-chunk":
      return [type, fieldsOfTree(request.tree), fieldsOfStates(request.states), request.next];
    case "replica-get":
      return [type, request.bucket, request.key, request.role];
    case "replica-put": {
      const { bucket, key, state, hintFor, durability } = request;
      return [type, bucket, key, encodeKeyState(state), hintFor?.nodeId ?? null, durability];
    }
    case "forward-write":
      return [type, fieldsOfWrite(request.write)];
    case "tree-roots":
      return [type, request.ringHash, request.trees.map(fieldsOfTree)];
    case "tree-sizes":
      return [type, request.trees.map(fieldsOfTree)];
    case "tree-hashes":
      return [type, fieldsOfTree(request.tree), request.level, request.indexes];
    case "tree-keys":
      return [type, fieldsOfTree(request.tree), request.leaves];
    case "reap":
      return [type, request.step, request.ringHash, fieldsOfKeys(request.keys)];
    case "exchange":
      return [type, fieldsOfStates(request.states)];
  }
}

/** The request, or undefined if its type is unknown. The reader tells whether the fields were right. */
export function readRequest(fields: FieldReader): PeerRequest | undefined {
  const type = fields.text();
  switch (type) {
    case "ping":
      return { type };
    case "gossip-hash":
      return { type, hash: fields.text(), introduction: fields.nested(readIntroduction) };
    case "gossip-delta":
      return { type, digest: fields.nested(readDigest), delta: fields.nested(readDelta) };
    case "transfer-offer":
    case "transfer-seal":
      return { type, tree: fields.nested(readTree) };
    case "transfer-chunk": {
      const chunk = { type, tree: fields.nested(readTree), states: readStates(fields) } as const;
      return { ...chunk, next: fields.optional(() => fields.text()) ?? null };
    }
    case "replica-get":
      return { type, bucket: fields.text(), key: fields.text(), role: fields.oneOf(["home", "fallback"]) };
    case "replica-put": {
      const put = { type, bucket: fields.text(), key: fields.text(), state: fields.state() } as const;
      const target = fields.optional(() => fields.text());
      const durability = fields.oneOf(["synced", "buffered"]);
      return { ...put, durability, ...(target !== undefined && { hintFor: { nodeId: target } }) };
    }
    case "forward-write":
      return { type, write: fields.nested(readWrite) };
    case "tree-roots":
      return { type, ringHash: fields.text(), trees: fields.items((list) => list.nested(readTree)) };
    case "tree-sizes":
      return { type, trees: fields.items((list) => list.nested(readTree)) };
    case "tree-hashes":
      return { type, tree: fields.nested(readTree), level: fields.count(), indexes: readCounts(fields) };
    case "tree-keys":
      return { type, tree: fields.nested(readTree), leaves: readCounts(fields) };
    case "reap": {
      const step = fields.oneOf(["prove", "drop"]);
      return { type, step, ringHash: fields.text(), keys: readKeys(fields) };
    }
    case "exchange":
      return { type, states: readStates(fields) };
    default:
      return undefined;
  }
}

export function fieldsOfStates(states: readonly NamedState[]): readonly unknown[] {
  return states.map(({ bucket, key, state }) => [bucket, key, encodeKeyState(state)]);
}

export function readStates(fields: FieldReader): readonly NamedState[] {
  return fields.items((list) =>
    list.nested((one) => ({ bucket: one.text(), key: one.text(), state: one.state() })),
  );
}

export function fieldsOfKeys(keys: readonly DifferingKey[]): readonly unknown[] {
  return keys.map(({ bucket, key, hash }) => [bucket, key, hash]);
}

export function readKeys(fields: FieldReader): readonly DifferingKey[] {
  return fields.items((list) =>
    list.nested((one) => ({ bucket: one.text(), key: one.text(), hash: one.text() })),
  );
}

function fieldsOfTree({ partition, copies }: TreeName): readonly unknown[] {
  return [partition, copies];
}

function readTree(fields: FieldReader): TreeName {
  return { partition: fields.count(), copies: fields.count() };
}

function readCounts(fields: FieldReader): readonly number[] {
  return fields.items((list) => list.count());
}
