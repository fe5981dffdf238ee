/**
 * Replies between nodes as fields: the type first, then what belongs to it in a fixed order. See codec.ts.
 */
import { encodeKeyState } from "../core/key-state-codec.ts";
import type { FieldReader } from "./field-reader.ts";
import type { PeerReply } from "./messages.ts";
import { fieldsOfKeys, fieldsOfStates, readKeys, readStates } from "./request-fields.ts";
import { fieldsOfWriteOutcome, readWriteOutcome } from "./write-fields.ts";

export function fieldsOfReply(reply: PeerReply): readonly unknown[] {
  const { type } = reply;
  switch (reply.type) {
    case "pong":
      return [type];
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

const refusals = [
  "wrong-owner",
  "wrong-ring",
  "storage",
  "stamp",
  "amnesia",
  "overloaded",
  "malformed",
  "building",
  "shutting-down",
] as const;
