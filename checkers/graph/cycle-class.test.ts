/** One small component of each class, and the class it must be named. */
import { describe, expect, it } from "vitest";
import { cyclicParts } from "./components.ts";
import { findCycles } from "./cycle-analysis.ts";
import { cycleClasses } from "./cycle-class.ts";
import { GraphBuilder } from "./dependency-graph.ts";
import { edgeKind } from "./edge-kind.ts";
import type { Narrator } from "./explanation.ts";

type Edge = readonly [from: number, kind: keyof typeof edgeKind, to: number];

const graphOf = (edges: readonly Edge[], size = 8) => {
  const builder = new GraphBuilder(size);
  for (const [from, kind, to] of edges) builder.addEdge(from, to, edgeKind[kind]);
  return builder.build();
};

const classesOf = (edges: readonly Edge[]): readonly string[] =>
  [...cyclicParts(graphOf(edges), 0xffff)].flatMap(({ graph }) =>
    cycleClasses(graph).classes.map(({ name }) => name),
  );

const narrator: Narrator = {
  name: (transaction) => `T${transaction}`,
  tell: (transaction) => `did ${transaction}`,
  request: (transaction) => transaction,
  doesWrite: () => true,
  because: ({ kind }) => ({ clause: `kind ${kind}` }),
};

const cases: readonly (readonly [names: string, edges: readonly Edge[]])[] = [
  [
    "",
    [
      [0, "ww", 1],
      [1, "wr", 2],
      [0, "rw", 2],
    ],
  ],
  [
    "G0",
    [
      [0, "ww", 1],
      [1, "ww", 0],
    ],
  ],
  [
    "G1c",
    [
      [0, "ww", 1],
      [1, "wr", 0],
    ],
  ],
  [
    "G-single-item",
    [
      [0, "wr", 1],
      [1, "rw", 0],
    ],
  ],
  [
    "G-nonadjacent-item",
    [
      [0, "rw", 1],
      [1, "wr", 2],
      [2, "rw", 3],
      [3, "ww", 0],
    ],
  ],
  [
    "G2-item",
    [
      [0, "rw", 1],
      [1, "rw", 0],
    ],
  ],
  [
    "G2-item",
    [
      [0, "rw", 1],
      [1, "rw", 2],
      [2, "ww", 0],
    ],
  ],
  [
    "G0-process",
    [
      [0, "ww", 1],
      [1, "process", 0],
    ],
  ],
  [
    "G1c-realtime",
    [
      [0, "wr", 1],
      [1, "realtime", 0],
    ],
  ],
  [
    "G-single-item-process",
    [
      [0, "process", 1],
      [1, "rw", 0],
    ],
  ],
  [
    "G-single-item-realtime",
    [
      [0, "realtime", 1],
      [1, "rwRealtime", 0],
    ],
  ],
  [
    "G2-item-realtime",
    [
      [0, "rw", 1],
      [1, "rw", 2],
      [2, "realtime", 0],
    ],
  ],
  // Each implies what follows it, so one name says it all.
  [
    "G0",
    [
      [0, "ww", 1],
      [1, "ww", 0],
      [1, "wr", 0],
      [0, "process", 1],
    ],
  ],
  // Neither of the two implies the other.
  [
    "G0 G-single-item",
    [
      [0, "ww", 1],
      [1, "ww", 0],
      [1, "wr", 2],
      [2, "rw", 0],
    ],
  ],
  [
    "G2-item G-single-item-process",
    [
      [0, "rw", 1],
      [1, "rw", 0],
      [0, "process", 1],
    ],
  ],
];

describe("a component", () => {
  it.each(cases)("holds %s", (names, edges) => {
    expect(classesOf(edges).join(" ")).toBe(names);
  });

  it("is told by its shortest cycle", () => {
    const long: readonly Edge[] = [0, 1, 2, 3, 4, 5].map((node): Edge => [node, "ww", (node + 1) % 6]);

    const { anomalies } = findCycles(graphOf([...long, [4, "ww", 3]]), narrator);

    expect(anomalies.map(({ type, requests }) => [type, requests])).toEqual([["G0", [3, 4]]]);
    expect(anomalies[0]?.lineage?.edges.map(({ from, to, kind }) => `${from} ${kind} ${to}`)).toEqual([
      "T3 ww T4",
      "T4 ww T3",
    ]);
  });

  it("of two rings that share a transaction is one, with the anomalies of both", () => {
    const { counts, largestComponent } = findCycles(
      graphOf([
        [0, "ww", 1],
        [1, "ww", 0],
        [1, "rw", 2],
        [2, "rw", 1],
      ]),
      narrator,
    );

    expect(largestComponent).toBe(3);
    expect([...counts]).toEqual([
      ["G0", 1],
      ["G2-item", 1],
    ]);
  });
});
