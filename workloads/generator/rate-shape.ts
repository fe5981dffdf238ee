/**
 * How the offered rate changes over a run, as shares of its nominal rate. Text on the command line:
 *
 *     poisson · constant                     the nominal rate all along
 *     ramp · ramp:0.2-2                      from one share to the other, evenly over the run (0.1-1)
 *     step · step:0.5/1/1.5                  one share after another, each as long (0.5/1/1.5/2)
 *     burst · burst:5x1s/10s                 five times the rate for 1 s of every 10 s
 *     sine · sine:0.5/20s                    up and down by half of the rate, every 20 s
 *
 * A shape is of Poisson arrivals unless `constant+` stands before it.
 */
import type { ArrivalProcess } from "./arrivals.ts";

export type RateShape =
  | { readonly type: "flat" }
  | { readonly type: "ramp"; readonly from: number; readonly to: number }
  | { readonly type: "step"; readonly shares: readonly number[] }
  | { readonly type: "burst"; readonly times: number; readonly lengthUs: number; readonly everyUs: number }
  | { readonly type: "sine"; readonly amplitude: number; readonly periodUs: number };

export type Arrivals = { readonly process: ArrivalProcess; readonly shape: RateShape };

export const flat: RateShape = { type: "flat" };

export const arrivalForms = "poisson, constant, ramp:0.1-1, step:0.5/1/2, burst:5x1s/10s or sine:0.5/20s";

/** Undefined for text that is none of `arrivalForms`. */
export function parseArrivals(text: string): Arrivals | undefined {
  if (text === "poisson" || text === "constant") return { process: text, shape: flat };
  const process = text.startsWith("constant+") ? "constant" : "poisson";
  const [name = "", figures] = text.replace(/^(constant|poisson)\+/, "").split(":");
  const shape = shapeOf(name, figures);
  return shape === undefined ? undefined : { process, shape };
}

/** The share of the nominal rate at `atUs` of a run of `durationUs`; never negative. */
export function shareAt(shape: RateShape, atUs: number, durationUs: number): number {
  switch (shape.type) {
    case "flat":
      return 1;
    case "ramp":
      return shape.from + (shape.to - shape.from) * (atUs / durationUs);
    case "step": {
      const index = Math.min(shape.shares.length - 1, Math.floor((atUs / durationUs) * shape.shares.length));
      return shape.shares[index] ?? 0;
    }
    case "burst":
      return atUs % shape.everyUs < shape.lengthUs ? shape.times : 1;
    case "sine":
      return 1 + shape.amplitude * Math.sin((2 * Math.PI * atUs) / shape.periodUs);
  }
}

function shapeOf(name: string, figures: string | undefined): RateShape | undefined {
  switch (name) {
    case "ramp": {
      const [, from, to] = /^([\d.]+)-([\d.]+)$/.exec(figures ?? "0.1-1") ?? [];
      return isShare(from) && isShare(to) ? { type: "ramp", from: Number(from), to: Number(to) } : undefined;
    }
    case "step": {
      const shares = (figures ?? "0.5/1/1.5/2").split("/");
      return shares.every(isShare) ? { type: "step", shares: shares.map(Number) } : undefined;
    }
    case "burst": {
      const [, times, length, every] = /^([\d.]+)x([^/]+)\/(.+)$/.exec(figures ?? "5x1s/10s") ?? [];
      const [lengthUs, everyUs] = [microsOf(length), microsOf(every)];
      if (!isShare(times) || lengthUs === undefined || everyUs === undefined || lengthUs > everyUs)
        return undefined;
      return { type: "burst", times: Number(times), lengthUs, everyUs };
    }
    case "sine": {
      const [amplitude, period] = (figures ?? "0.5/20s").split("/");
      const periodUs = microsOf(period);
      if (!isShare(amplitude) || Number(amplitude) > 1 || periodUs === undefined) return undefined;
      return { type: "sine", amplitude: Number(amplitude), periodUs };
    }
    default:
      return undefined;
  }
}

const shareMax = 1_000;

const isShare = (text: string | undefined): boolean =>
  text !== undefined && /^\d+(\.\d+)?$/.test(text) && Number(text) <= shareMax;

/** "1s", "250ms", "2m"; undefined for anything else, and for nothing. */
const microsOf = (text: string | undefined): number | undefined => {
  const [, figure, unit = ""] = /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(text ?? "") ?? [];
  const factor = { ms: 1e3, s: 1e6, m: 6e7 }[unit];
  const micros = factor === undefined ? 0 : Number(figure) * factor;
  return micros > 0 ? micros : undefined;
};
