import { Packr } from "msgpackr";
import { describe, expect, it } from "vitest";
import { decodeMessage, encodeMessage } from "./codec.ts";
import type { Envelope, PeerMessage } from "./envelope.ts";

const envelope: Envelope = {
  clusterId: "c1",
  sender: { nodeId: "n1", incarnation: "f00d", boot: 3 },
  requestId: 2 ** 40,
  ringHash: "0123456789abcdef",
  budgetMs: 119.5,
  sentMs: 86_400_000.25,
};
const ping: PeerMessage = { type: "request", envelope, request: { type: "ping" } };

/** The fields of a good message with some replaced. */
const packed = (replaced: Record<number, unknown>): Uint8Array => {
  const packr = new Packr({ useRecords: false });
  const fields: unknown[] = packr.unpack(encodeMessage(ping));
  return packr.pack(fields.map((field, index) => (index in replaced ? replaced[index] : field)));
};

const refusal = (bytes: Uint8Array) => {
  const decoded = decodeMessage(bytes);
  return decoded.type === "fail" ? decoded.reason : decoded.value;
};

describe("the codec of messages", () => {
  it("carries the envelope beside the message", () => {
    expect(decodeMessage(encodeMessage(ping))).toEqual({ type: "ok", value: ping });
  });

  it("lets no name a client chose become a property", () => {
    const message: PeerMessage = {
      type: "request",
      envelope,
      request: {
        type: "forward-write",
        write: { bucket: "__proto__", key: "constructor", value: Uint8Array.of(128, 0), w: 1 },
      },
    };

    expect(decodeMessage(encodeMessage(message))).toEqual({ type: "ok", value: message });
  });

  it("refuses what it does not know, saying what", () => {
    expect(refusal(packed({ 0: 2 }))).toBe("the message has an unknown format");
    expect(refusal(packed({ 10: ["dance"] }))).toBe("the request is of an unknown type");
    expect(refusal(packed({ 1: "reply", 10: ["ping", "r"] }))).toBe("the reply is of an unknown type");
    expect(refusal(packed({ 1: "shout" }))).toBe("the request is malformed");
    expect(refusal(packed({ 2: -1 }))).toBe("the request is malformed");
    expect(refusal(packed({ 10: ["ping", 7] }))).toBe("the request is malformed");
    expect(refusal(packed({ 10: ["ping", "r", "more"] }))).toBe("the request is malformed");
    expect(refusal(packed({ 10: ["replica-put", "b", "k", Uint8Array.of(9), null, "synced"] }))).toBe(
      "the request is malformed",
    );
    expect(refusal(new Uint8Array(0))).toBe("the message has an unknown format");
  });
});
