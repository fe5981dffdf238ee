/**
 * From values to pixels: linear, logarithmic and time scales with the ticks a person would have chosen.
 *
 * A scale is a plain function with its ticks beside it. Values outside the domain are clamped to its ends, so that
 * no mark is ever drawn outside its plot; a domain without extent is widened instead of dividing by zero.
 */
import type { Micros } from "../../../checkers/history/event.ts";

/** `label` is null for a minor tick: a line without text. */
export type Tick = { readonly value: number; readonly label: string | null };

export type Scale = {
  readonly domain: readonly [number, number];
  readonly range: readonly [number, number];
  readonly ticks: readonly Tick[];
  /** Pixels from value; clamped to the range. */
  readonly at: (value: number) => number;
};

type Extent = { readonly domain: readonly [number, number]; readonly range: readonly [number, number] };

/** At most about `tickCount` labelled ticks at 1, 2 or 5 times a power of ten, `stepLeast` apart at least. */
export const linearScale = (
  options: Extent & {
    readonly tickCount: number;
    readonly label: (value: number) => string;
    readonly stepLeast?: number;
  },
): Scale => {
  const domain = widened(options.domain);
  const step = Math.max(
    options.stepLeast ?? 0,
    roundStep((domain[1] - domain[0]) / Math.max(1, options.tickCount), [1, 2, 5, 10]),
  );

  return {
    domain,
    range: options.range,
    ticks: multiples(domain, step).map((value) => ({ value, label: options.label(value) })),
    at: interpolation(domain, options.range),
  };
};

/** Both ends must be above zero. Labels stand at powers of ten, or at 1, 2 and 5 when fewer than two decades show. */
export const logScale = (options: Extent & { readonly label: (value: number) => string }): Scale => {
  const low = Math.max(options.domain[0], Number.MIN_VALUE);
  const domain: readonly [number, number] = [low, Math.max(options.domain[1], low * 1.000_001)];
  const position = interpolation([Math.log(domain[0]), Math.log(domain[1])], options.range);
  const fewDecades = Math.log10(domain[1] / domain[0]) < 2;

  return {
    domain,
    range: options.range,
    ticks: decadeTicks(domain).map(({ value, digit }) => ({
      value,
      label: digit === 1 || (fewDecades && (digit === 2 || digit === 5)) ? options.label(value) : null,
    })),
    at: (value) => position(Math.log(Math.max(value, domain[0]))),
  };
};

/** Seconds and minutes since the run's start; ticks at 1, 2, 5, 10, 15, 30, 60 … seconds. */
export const timeScale = (options: {
  readonly domain: readonly [Micros, Micros];
  readonly range: readonly [number, number];
  readonly tickCount: number;
}): Scale => {
  const domain = widened(options.domain);
  const wanted = (domain[1] - domain[0]) / 1e6 / Math.max(1, options.tickCount);
  const step = (timeSteps.find((seconds) => seconds >= wanted) ?? Math.ceil(wanted / 3_600) * 3_600) * 1e6;

  return {
    domain,
    range: options.range,
    ticks: multiples(domain, step).map((value) => ({ value, label: timeLabel(value / 1e6, step / 1e6) })),
    at: interpolation(domain, options.range),
  };
};

const timeSteps = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1_800, 3_600];

const timeLabel = (seconds: number, step: number): string => {
  if (step < 1) return `${seconds.toFixed(1)} s`;
  if (step < 60) return `${Math.round(seconds)} s`;
  return `${Math.round(seconds / 60)} min`;
};

const decadeTicks = (
  domain: readonly [number, number],
): readonly { readonly value: number; readonly digit: number }[] => {
  const ticks: { value: number; digit: number }[] = [];
  const from = Math.floor(Math.log10(domain[0]));
  const until = Math.min(Math.ceil(Math.log10(domain[1])), from + 24);
  for (let exponent = from; exponent <= until; exponent += 1) {
    for (let digit = 1; digit <= 9; digit += 1) {
      const value = Number(`${digit}e${exponent}`);
      if (value >= domain[0] * 0.999_999 && value <= domain[1] * 1.000_001) ticks.push({ value, digit });
    }
  }
  return ticks;
};

const interpolation = (
  domain: readonly [number, number],
  range: readonly [number, number],
): ((value: number) => number) => {
  const factor = (range[1] - range[0]) / (domain[1] - domain[0]);
  return (value) => {
    const inside = Math.min(Math.max(value, domain[0]), domain[1]);
    return Number.isFinite(inside) ? range[0] + (inside - domain[0]) * factor : range[0];
  };
};

const widened = (domain: readonly [number, number]): readonly [number, number] =>
  domain[1] > domain[0] ? domain : [domain[0], domain[0] + 1];

const roundStep = (wanted: number, digits: readonly number[]): number => {
  const power = 10 ** Math.floor(Math.log10(wanted));
  const digit = digits.find((candidate) => candidate * power >= wanted * 0.999_999) ?? 10;
  return digit * power;
};

const multiples = (domain: readonly [number, number], step: number): readonly number[] => {
  const first = Math.ceil(domain[0] / step - 1e-9);
  const last = Math.floor(domain[1] / step + 1e-9);
  const length = Math.min(Math.max(0, last - first + 1), 1_000);
  return Array.from({ length }, (_, index) => Number(((first + index) * step).toPrecision(12)));
};
