import { describe, expect, it } from "vitest";
import { nodeConfig } from "./node-config.ts";
import { privatePlaces } from "./place.ts";
import { parseServing } from "./serving-line.ts";

describe("a node's configuration", () => {
  const given = {
    node: "n1",
    places: privatePlaces(["n1", "n2"]),
    spares: new Set<string>(),
    links: { doorTo: () => ({ host: "127.0.0.1", rpcPort: 40_000 }) },
    dataDirectory: "/run/data/n1",
    eventLogFile: "/run/nodes/n1.events",
    settings: { clusterId: "c", isDurable: true, partitionCount: 8, buckets: { carts: { n: 2 } } },
  };

  it("shows itself where it listens and its peers at the doors of their links", () => {
    expect(nodeConfig(given)).toEqual({
      clusterId: "c",
      partitionCount: 8,
      buckets: { carts: { n: 2 } },
      nodeId: "n1",
      dataDir: "/run/data/n1",
      members: [
        { nodeId: "n1", host: "127.0.1.1", rpcPort: 7000, httpPort: 8000 },
        { nodeId: "n2", host: "127.0.0.1", rpcPort: 40_000, httpPort: 8000 },
      ],
      listen: { host: "127.0.1.1", rpcPort: 7000, httpPort: 8000, verificationPort: 9000, adminPort: 9500 },
    });
  });

  it("shows a spare to nobody as a member, and leads it to its seeds through the doors of its links", () => {
    const spares = new Set(["n2"]);

    const [member, spare] = ["n1", "n2"].map((node) => nodeConfig({ ...given, node, spares }));

    expect(member).toMatchObject({
      members: [{ nodeId: "n1", host: "127.0.1.1" }],
      addresses: [{ nodeId: "n2", host: "127.0.0.1", rpcPort: 40_000 }],
    });
    expect(spare).toMatchObject({
      members: [],
      seeds: ["n1"],
      addresses: [{ nodeId: "n1", host: "127.0.0.1", rpcPort: 40_000 }],
    });
  });

  it("names no directory when nothing is to be kept", () => {
    const settings = { ...given.settings, isDurable: false };

    expect(nodeConfig({ ...given, settings })).toMatchObject({ dataDir: null });
  });
});

describe("the serving line", () => {
  it("is found among other lines, JSON or not", () => {
    expect(parseServing('{"type":"serving","nodeId":"n1","httpPort":1}')).toEqual({
      type: "serving",
      node: "n1",
    });
    expect(parseServing('{"type":"log","nodeId":"n1"}')).toBeUndefined();
    expect(parseServing('{"type":"serving"')).toBeUndefined();
    expect(parseServing("serving")).toBeUndefined();
  });
});
