import { describe, expect, test } from "vitest";
import { defaultIntervals, defaultLimits, type NodeConfig } from "../config.ts";
import { World } from "../simulation/world.ts";
import { Admission } from "./admission.ts";
import { Placements } from "./placement.ts";

const name = { bucket: "carts", key: "ada" };

describe("a node that comes late to its work", () => {
  test("refuses what it would answer too late, and has done nothing of it", () => {
    const admission = lateBy(251);

    const [get, write] = [admission.get(name), admission.write({ ...name, value: null })];

    for (const answer of [get, write]) expect(answer).toMatchObject({ type: "fail", error: "overloaded" });
  });

  test("admits whoever has the patience", () => {
    const admission = lateBy(251);

    expect(admission.get({ ...name, timeoutMs: 1004 }).type).toBe("get");
    expect(admission.get({ ...name, timeoutMs: 1003 }).type).toBe("fail");
  });

  test("admits everybody as long as it is in time for them", () => {
    const admission = lateBy(250);

    expect(admission.get(name).type).toBe("get");
    expect(admission.write({ ...name, value: null }).type).toBe("write");
  });

  test("still tells a bad request that it is one", () => {
    const admission = lateBy(10_000);

    expect(admission.get({ ...name, r: 9 })).toMatchObject({ error: "bad-request" });
  });
});

function lateBy(lateMs: number): Admission {
  const config: NodeConfig = {
    clusterId: "c",
    nodeId: "a",
    members: [{ nodeId: "a", host: "127.0.0.1", rpcPort: 1, httpPort: 2 }],
    buckets: new Map(),
    partitionCount: 8,
    limits: defaultLimits,
    intervals: defaultIntervals,
  };
  const random = new World(1).random("admission");
  return new Admission(new Placements(config), defaultLimits, random, 1000, () => lateMs);
}
