/**
 * What is wrong with a link that still carries bytes: late, unevenly late, or narrow. Pure: what a shape does to one
 * chunk after another is a fold over the moments at which they come.
 */

export const linkTroubles = ["delay", "jitter", "rate"] as const;
export type LinkTrouble = (typeof linkTroubles)[number];

export type LinkShape =
  /** Every byte comes so much later. */
  | { readonly trouble: "delay"; readonly delayMs: number }
  /** Later by anything between half of it and all, in order. */
  | { readonly trouble: "jitter"; readonly delayMs: number }
  /** No more than so many bytes in a second, on each connection. */
  | { readonly trouble: "rate"; readonly bytesPerSecond: number };

/** When a chunk that comes at `nowMs` goes on: after all before it, the last of which went at `lastMs`. */
export function dueMs(
  shape: LinkShape,
  chunk: { readonly nowMs: number; readonly lastMs: number; readonly bytes: number; readonly chance: number },
): number {
  const { nowMs, lastMs, bytes, chance } = chunk;
  switch (shape.trouble) {
    case "delay":
      return Math.max(lastMs, nowMs + shape.delayMs);
    case "jitter":
      return Math.max(lastMs, nowMs + (shape.delayMs * (1 + chance)) / 2);
    case "rate":
      return Math.max(lastMs, nowMs) + (bytes * 1000) / shape.bytesPerSecond;
  }
}

/** For a sentence. */
export function shapeText(shape: LinkShape): string {
  switch (shape.trouble) {
    case "delay":
      return `${shape.delayMs} ms late`;
    case "jitter":
      return `${shape.delayMs / 2} to ${shape.delayMs} ms late`;
    case "rate":
      return `no more than ${shape.bytesPerSecond} bytes/s`;
  }
}

/** What a probe takes at the least over a link of that shape, ms: nine tenths of it, for what timers round. */
export function leastMs(shape: LinkShape, probeBytes: number): number {
  switch (shape.trouble) {
    case "delay":
      return 0.9 * shape.delayMs;
    case "jitter":
      return 0.45 * shape.delayMs;
    case "rate":
      return (0.9 * probeBytes * 1000) / shape.bytesPerSecond;
  }
}
