/**
 * What is wrong with a link that is not cut: bytes come late, unevenly late, slowly or only at another try; or the
 * connections over it are broken. Pure: what a shape does to one chunk after another is a fold over the moments at
 * which they come.
 */
import type { Ability } from "./cluster.ts";

/** What happens to bytes. */
export const passingTroubles = ["delay", "jitter", "rate", "loss"] as const;

/**
 * What happens to connections. `reset`: every one, established or new, is reset. `half-open`: those that are
 * established die without a word, new ones work. `half-close`: in those that are established one direction ends.
 */
export const linkBreaks = ["reset", "half-open", "half-close"] as const;
export type LinkBreak = (typeof linkBreaks)[number];

export const linkTroubles = [...passingTroubles, ...linkBreaks] as const;
export type LinkTrouble = (typeof linkTroubles)[number];

/** What nft can do to a link beside cutting it; everything else takes proxies. */
export const kernelTroubles: ReadonlySet<LinkTrouble> = new Set(["loss", "reset", "half-open"]);

/** Seen by how long one probe takes. */
export type SlowShape =
  /** Every byte comes so much later. */
  | { readonly trouble: "delay"; readonly delayMs: number }
  /** Later by anything between half of it and all, in order. */
  | { readonly trouble: "jitter"; readonly delayMs: number }
  /** No more than so many bytes in a second, on each connection. */
  | { readonly trouble: "rate"; readonly bytesPerSecond: number };

/** Of a hundred packets so many are lost, whichever chance takes; 5 to 90. */
export type LossShape = { readonly trouble: "loss"; readonly percent: number };

export type PassingShape = SlowShape | LossShape;
export type LinkShape = PassingShape | { readonly trouble: LinkBreak };

export const lossPercents = { least: 5, most: 90 } as const;

export const isBreak = (shape: LinkShape): shape is { readonly trouble: LinkBreak } =>
  linkBreaks.some((one) => one === shape.trouble);

/** What links must be able to do for it. */
export function abilityFor(trouble: LinkTrouble): Ability {
  switch (trouble) {
    case "delay":
    case "jitter":
    case "rate":
      return "shape";
    case "loss":
    case "reset":
    case "half-open":
    case "half-close":
      return trouble;
  }
}

/** TCP sends again after so long at the least (Linux), and after twice as long each time; here three times at most. */
const retransmitMs = 200;
const retransmitsMax = 3;

/** How late TCP delivers a packet that is lost as often in a row as `chance`, drawn from [0, 1), says. */
function stallMs(percent: number, chance: number): number {
  const losses = Math.floor(Math.log(1 - chance) / Math.log(percent / 100));
  return retransmitMs * (2 ** Math.min(losses, retransmitsMax) - 1);
}

/** When a chunk that comes at `nowMs` goes on: after all before it, the last of which went at `lastMs`. */
export function dueMs(
  shape: PassingShape,
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
    case "loss":
      return Math.max(lastMs, nowMs + stallMs(shape.percent, chance));
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
    case "loss":
      return `${shape.percent} % of the packets lost`;
    case "reset":
      return "connections are reset";
    case "half-open":
      return "established connections are dead without a word";
    case "half-close":
      return "one direction of established connections ends";
  }
}

/** What a probe takes at the least over a link of that shape, ms: nine tenths of it, for what timers round. */
export function leastMs(shape: SlowShape, probeBytes: number): number {
  switch (shape.trouble) {
    case "delay":
      return 0.9 * shape.delayMs;
    case "jitter":
      return 0.45 * shape.delayMs;
    case "rate":
      return (0.9 * probeBytes * 1000) / shape.bytesPerSecond;
  }
}
