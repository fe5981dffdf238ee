/**
 * How numbers are written on the page, in the terminal and in Markdown: one way each, so that they can be compared
 * by eye and found again in the record.
 *
 * Latencies keep three significant digits, which is what the histograms know. Shares that matter at the fourth
 * decimal (an SLA of 99.9 %) are never rounded up to a full hundred.
 */

const grouped = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

/** 12431 -> "12,431". */
export const count = (value: number): string => grouped.format(value);

/** "1 request", "2 requests". */
export const counted = (value: number, noun: string, plural = `${noun}s`): string =>
  `${count(value)} ${value === 1 ? noun : plural}`;

/** Three significant digits and a unit that fits: "0.412 ms", "86.0 ms", "1.25 s". */
export const latency = (ms: number): string => {
  if (!Number.isFinite(ms)) return "–";
  if (ms >= 1_000) return `${significant(ms / 1_000)} s`;
  return `${significant(ms)} ms`;
};

/** A latency in a column that says "ms" above: "0.412", "86.0", "1,250"; a dash where too few were measured. */
export const milliseconds = (ms: number | null): string =>
  ms === null || !Number.isFinite(ms) ? "–" : significant(ms);

/** A latency or, where too few were measured, a dash. */
export const latencyOrDash = (ms: number | null): string => (ms === null ? "–" : latency(ms));

/** Microseconds since the start of the run -> "12.3 s". */
export const runTime = (us: number): string => `${(us / 1e6).toFixed(1)} s`;

/** The same to the millisecond, as the stories of anomalies tell it: "12.345 s". */
export const preciseRunTime = (us: number): string => `${(us / 1e6).toFixed(3)} s`;

/** A length of time: "340 ms", "4.98 s", "1 min 31 s". */
export const duration = (ms: number): string => {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${significant(ms / 1_000)} s`;
  const seconds = Math.round(ms / 1_000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
};

/** 1536 -> "1.5 KiB"; whole bytes below one KiB. */
export const bytes = (size: number): string => {
  const units = ["bytes", "KiB", "MiB", "GiB", "TiB"];
  const power = size < 1_024 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(size) / 10));
  return `${power === 0 ? count(size) : (size / 1_024 ** power).toFixed(1)} ${units[power]}`;
};

/** 0.00117 -> "0.117 %"; anything short of the whole stays short of it. */
export const percent = (ratio: number): string => {
  if (!Number.isFinite(ratio)) return "–";
  if (ratio === 0) return "0 %";
  if (ratio === 1) return "100 %";
  const value = ratio * 100;
  if (value > 99) return `${(Math.floor(value * 1_000) / 1_000).toFixed(3)} %`;
  return value < 0.001 ? "< 0.001 %" : `${significant(value)} %`;
};

/** How often an allowance was used up: "0.3×", "11.7×". */
export const times = (value: number): string => {
  if (!Number.isFinite(value)) return "–";
  if (value === 0) return "0×";
  if (value < 0.01) return "< 0.01×";
  return value >= 100 ? `${count(value)}×` : `${significant(value, 2)}×`;
};

/** 0.999 -> "p99.9". */
export const quantileName = (quantile: number): string =>
  `p${Number((quantile * 100).toFixed(6)).toString()}`;

/** Milliseconds of wall time -> "2026-11-21 23:43:05 UTC". */
export const instant = (wallMs: number): string => {
  const date = new Date(wallMs);
  if (Number.isNaN(date.getTime())) return "unknown time";
  return `${date.toISOString().slice(0, 19).replace("T", " ")} UTC`;
};

/** Milliseconds of wall time -> "2026-11-21", in UTC. */
export const day = (wallMs: number): string =>
  Number.isNaN(new Date(wallMs).getTime()) ? "unknown day" : new Date(wallMs).toISOString().slice(0, 10);

const significant = (value: number, digits = 3): string => {
  if (value === 0) return "0";
  const decimals = Math.max(0, digits - 1 - Math.floor(Math.log10(Math.abs(value))));
  return decimals === 0 ? count(value) : value.toFixed(Math.min(decimals, 4));
};
