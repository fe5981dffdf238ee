/**
 * How much background work a node allows itself (Dynamo §6.5): slices of its time, by what the foreground suffers.
 *
 * Like TCP it feels its way: while reads of the disk and the event loop are prompt there are a few slices more each
 * time, when one of them is not there are half as many. One is always left, because repair that never runs ends in
 * losses that no prompt answer is worth.
 */

/** Milliseconds. */
export type Strain = {
  /** 99th percentile of the disk's reads in the last minute; undefined when there were too few to tell. */
  readonly readP99Ms: number | undefined;
  /** How late the event loop came to its timers lately. */
  readonly lagMs: number;
};

/** The floor, and so many that nothing notices them. */
export const slicesMin = 1;
export const slicesMax = 256;
const step = 16;

/** What is borne without a word. */
export type StrainMax = { readonly readP99Ms: number; readonly lagMs: number };

/** The paper's bound, and as much for the loop. */
export const strainMax: StrainMax = { readP99Ms: 50, lagMs: 50 };

export function isStrained({ readP99Ms = 0, lagMs }: Strain, max = strainMax): boolean {
  return readP99Ms > max.readP99Ms || lagMs > max.lagMs;
}

/** Slices of the next second, given those of the last. */
export function nextSlices(slices: number, strain: Strain, max = strainMax): number {
  return isStrained(strain, max)
    ? Math.max(slicesMin, Math.floor(slices / 2))
    : Math.min(slicesMax, slices + step);
}
