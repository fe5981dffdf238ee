/**
 * Replies between nodes as fields: the type first, then what belongs to it in a fixed order. See codec.ts.
 */
import { encodeKeyState } from "../core/key-state-codec.ts";
import type { TreeSize } from "../core/transfer-plan.ts";
import type { FieldReader } from "./field-reader.ts";
import { fieldsOfDelta, fieldsOfDigest, readDelta, readDigest } from "./gossip-fields.ts";
import type { PeerReply, TransferStep } from "./messages.ts";
import { fieldsOfKeys, fieldsOfStates, readKeys, readStates } from "./request-fields.ts";
import { fieldsOfWriteOutcome, readWriteOutcome } from "./write-fields.ts";

export function fieldsOfReply(reply: PeerReply): readonly unknown[] {
  const { type } = reply;
  switch (reply.type) {
    case "pong":
      return [type];
    case "gossip-digest":
      return [type, reply.digest === null ? null : fieldsOfDigest(reply.digest)];
    case "gossip-delta":
      return [type, fieldsOfDelta(reply.delta)];
    case "transfer-step":
      return [type, reply.step.type, reply.step.type === "stream" ? reply.step.after : null];
    case "state":
      return [type, encodeKeyState(reply.state)];
    case "stored":
      return [type, reply.durability];
    case "wrote":
      return [type, fieldsOfWriteOutcome(reply.outcome)];
    case "hashes":
      return [type, reply.hashes];
    case "keys":
      return [type, fieldsOfKeys(reply.keys)];
    case "sizes":
      return [type, reply.sizes.map(({ keyCount, byteCount }) => [keyCount, byteCount])];
    case "proofs":
      return [type, reply.holds];
    case "states":
      return [type, fieldsOfStates(reply.states)];
    case "refused":
      return [type, reply.reason];
  }
}

/** The reply, or undefined if its type is unknown. The reader tells whether the fields were right. */
export function readReply(fields: FieldReader): PeerReply | undefined {
  const type = fields.text();
  switch (type) {
    case "pong":
      return { type };
    case "gossip-digest":
      return { type, digest: fields.optional(() => fields.nested(readDigest)) ?? null };
    case "gossip-delta":
      return { type, delta: fields.nested(readDelta) };
    case "transfer-step":
      return { type, step: readStep(fields) };
    case "state":
      return { type, state: fields.state() };
    case "stored":
      return { type, durability: fields.oneOf(["synced", "buffered"]) };
    case "wrote":
      return { type, outcome: fields.nested(readWriteOutcome) };
    case "hashes":
      return { type, hashes: fields.items((list) => list.text()) };
    case "keys":
      return { type, keys: readKeys(fields) };
    case "sizes":
      return { type, sizes: fields.items((list) => list.nested(readSize)) };
    case "proofs":
      return { type, holds: fields.items((list) => list.flag()) };
    case "states":
      return { type, states: readStates(fields) };
    case "refused":
      return { type, reason: fields.oneOf(refusals) };
    default:
      return undefined;
  }
}

function readSize(fields: FieldReader): TreeSize {
  return { keyCount: fields.count(), byteCount: fields.count() };
}

function readStep(fields: FieldReader): TransferStep {
  const type = fields.oneOf(["stream", "seal", "held"]);
  const after = fields.optional(() => fields.text()) ?? null;
  return type === "stream" ? { type, after } : { type };
}

const refusals = [
  "wrong-owner",
  "wrong-ring",
  "unknown-incarnation",
  "not-a-member",
  "storage",
  "stamp",
  "amnesia",
  "overloaded",
  "malformed",
  "building",
  "shutting-down",
  "late",
] as const;
