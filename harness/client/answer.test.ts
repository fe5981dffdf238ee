import { describe, expect, it } from "vitest";
import { judgeRead, judgeWrite } from "./answer.ts";
import type { Exchanged } from "./exchange.ts";
import { acknowledged, found, refused } from "./stub-node.fixture.ts";

const answered = (status: number, json: unknown): Exchanged => ({
  type: "answered",
  status,
  body: Buffer.from(typeof json === "string" ? json : JSON.stringify(json)),
});

describe("an answer to a write", () => {
  it("is ok with its acknowledgements, as the history wants them", () => {
    expect(judgeWrite(answered(200, acknowledged("1.0")), "1.0")).toEqual({
      outcome: "ok",
      answer: {
        context: "ctx-after",
        acknowledged: [
          { node: "n1", role: "home", durability: "synced" },
          { node: "n4", role: "fallback", durability: "buffered" },
        ],
        coordinator: "n1",
      },
    });
  });

  it("may come from a store that names no coordinator", () => {
    const { coordinator: _, ...unnamed } = acknowledged("1.0");

    expect(judgeWrite(answered(200, unnamed), "1.0")).toMatchObject({ outcome: "ok" });
  });

  it.each<readonly [string, Exchanged, string, string]>([
    ["never sent", { type: "unsent", error: "ECONNREFUSED" }, "none", "ECONNREFUSED"],
    ["sent and lost", { type: "lost", error: "ECONNRESET" }, "unknown", "ECONNRESET"],
    ["a refusal that did nothing", answered(503, refused("quorum-unmet", "none")), "none", "quorum-unmet"],
    ["shed load", answered(429, refused("overloaded", "none")), "none", "overloaded"],
    [
      "a refusal that cannot tell",
      answered(503, refused("quorum-unmet", "unknown")),
      "unknown",
      "quorum-unmet",
    ],
    ["a time-out of the replicas", answered(504, refused("timeout", "unknown")), "unknown", "timeout"],
    ["a refusal without a reason", answered(500, "oops"), "unknown", "status 500"],
    ["an acknowledgement that cannot be read", answered(200, "{}"), "unknown", "unreadable answer"],
    [
      "an acknowledgement of another write",
      answered(200, acknowledged("2.0")),
      "unknown",
      "answer to another write, 2.0",
    ],
  ])("is judged by what it says: %s", (_name, exchanged, outcome, error) => {
    expect(judgeWrite(exchanged, "1.0")).toEqual({ outcome, error });
  });
});

describe("an answer to a read", () => {
  it.each([
    [200, ["a"]],
    [300, ["a", "b"]],
    [404, []],
  ])("with status %i brings all values, tombstones and the context", (status, values) => {
    expect(judgeRead(answered(status, found(values, ["9.0"])))).toEqual({
      outcome: "ok",
      answer: {
        siblings: values.map((value) => Buffer.from(value)),
        tombstones: ["9.0"],
        context: "ctx-read",
      },
    });
  });

  it.each<readonly [string, Exchanged, string]>([
    ["never sent", { type: "unsent", error: "ECONNREFUSED" }, "ECONNREFUSED"],
    ["sent and lost", { type: "lost", error: "timeout" }, "timeout"],
    ["refused", answered(503, refused("quorum-unmet", "none")), "quorum-unmet"],
    ["not found, but not by a node of this store", answered(404, "<html>"), "status 404"],
    ["not base64", answered(200, { ...found([]), siblings: [{ value: "%%" }] }), "status 200"],
  ])("has done nothing when it failed: %s", (_name, exchanged, error) => {
    expect(judgeRead(exchanged)).toEqual({ outcome: "none", error });
  });
});
