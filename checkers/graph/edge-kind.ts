/**
 * Why one transaction must have come before another, as bits, so that a question such as "cycles of write-write and
 * write-read edges only" is one mask.
 *
 * The first three are Adya's (Weak Consistency, 1999, §3.1). `process` and `realtime` order transactions by who ran
 * them and by the clock. `version` orders versions, not transactions. `link` is no reason at all: it leads on from
 * an auxiliary node that stands for a whole crowd of edges, and costs nothing on a path.
 *
 * A version order that is itself concluded from process or realtime order gives edges that only hold under such a
 * model; they have kinds of their own, count as anti-dependencies, and never make a plain anomaly.
 */

export const edgeKind = {
  ww: 1,
  wr: 2,
  rw: 4,
  process: 8,
  realtime: 16,
  link: 32,
  version: 64,
  wwProcess: 128,
  rwProcess: 256,
  wwRealtime: 512,
  rwRealtime: 1024,
} as const;

export type EdgeKindName = keyof typeof edgeKind;

const names = new Map<number, EdgeKindName>(
  Object.entries(edgeKind).map(([name, bit]) => [bit, name as EdgeKindName]),
);

/** The name of one bit, without its provenance: an anti-dependency concluded from realtime is still "rw". */
export const edgeName = (kind: number): string =>
  (names.get(kind) ?? "link").replace(/(Process|Realtime)$/, "");

/** How much beside the data a cycle may use; an anomaly's name ends in `suffix`. */
export type Level = {
  readonly suffix: "" | "-process" | "-realtime";
  /** Orders that may stand in for a dependency. */
  readonly orders: number;
  /** Anti-dependencies, those concluded from the orders included. */
  readonly antiDependencies: number;
};

const { process, realtime, rw, rwProcess, wwProcess, rwRealtime, wwRealtime } = edgeKind;

/** From the strictest evidence to the widest; each allows all that the one before allows. */
export const levels: readonly Level[] = [
  { suffix: "", orders: 0, antiDependencies: rw },
  { suffix: "-process", orders: process, antiDependencies: rw | rwProcess | wwProcess },
  {
    suffix: "-realtime",
    orders: process | realtime,
    antiDependencies: rw | rwProcess | wwProcess | rwRealtime | wwRealtime,
  },
];
