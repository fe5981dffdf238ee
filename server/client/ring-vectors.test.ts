/**
 * Golden vectors: position or key -> homes, for five nodes under each strategy. The same file is held against the server's
 * placement and against what the client library makes of a ring it pulled, so that neither can drift alone.
 */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { defaultBucket } from "../config.ts";
import { numberOf, positionAt, positionOf } from "../core/hash.ts";
import { preferenceList } from "../core/preference-list.ts";
import { partitionAt } from "../core/ring.ts";
import { ringFor } from "../core/strategy.ts";
import { firstMembers } from "../protocols/first-members.ts";
import { placementsOf } from "./ring-watch.ts";

const strategySchema = z.union([
  z.object({ strategy: z.literal(1), tokensPerNode: z.number() }),
  z.object({ strategy: z.literal(2), tokensPerNode: z.number(), partitions: z.number() }),
  z.object({ strategy: z.literal(3), partitions: z.number() }),
]);
const vectors = z
  .array(
    z.object({
      strategy: strategySchema,
      positions: z.array(z.object({ position: z.string(), homes: z.string() })),
      keys: z.array(z.object({ key: z.string(), position: z.string(), homes: z.string() })),
    }),
  )
  .parse(JSON.parse(readFileSync(new URL("../core/golden/ring-vectors.json", import.meta.url), "utf8")));
const members = ["n1", "n2", "n3", "n4", "n5"].map((nodeId) => {
  return { nodeId, host: "127.0.0.1", rpcPort: 1, httpPort: 1 };
});

const table = { changes: firstMembers({ members }), holdings: [] };

describe.each(vectors)("the golden vectors of $strategy", ({ strategy, positions, keys }) => {
  const ring = ringFor(members, strategy, 3);

  it("are the server's: on a token, beside it, and at both ends of the ring", () => {
    const here = positions.map(({ position }) => {
      const partition = partitionAt(ring, positionAt(BigInt(`0x${position}`)));
      return { position, homes: preferenceList(ring, partition, 3).homes.join(" ") };
    });

    expect(here).toEqual(positions);
  });

  it("are those of a client that pulled the ring", () => {
    const placements = placementsOf(
      {
        hash: ring.hash,
        partitionCount: ring.partitionCount,
        placement: strategy,
        members,
        table,
        tableHash: "",
        buckets: [{ name: "carts", ...defaultBucket }],
        partitions: [],
      },
      "client",
    );

    const here = keys.map(({ key }) => {
      const position = numberOf(positionOf("carts", key)).toString(16).padStart(32, "0");
      return { key, position, homes: placements?.of({ bucket: "carts", key }).homes.join(" ") };
    });
    expect(here).toEqual(keys);
  });

  it("hold for 1,000 further keys, whichever side computes", () => {
    const view = {
      hash: ring.hash,
      partitionCount: ring.partitionCount,
      placement: strategy,
      members: members.toReversed(),
      table,
      tableHash: "",
      buckets: [],
      partitions: [],
    };
    const placements = placementsOf(view, "client");

    for (let index = 0; index < 1000; index++) {
      const key = `key ${index}`;
      const partition = partitionAt(ring, positionOf("carts", key));
      expect(placements?.of({ bucket: "carts", key }).homes).toEqual(
        preferenceList(ring, partition, 3).homes,
      );
    }
  });
});
