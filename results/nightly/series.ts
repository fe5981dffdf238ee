/**
 * The series of nights: a file with one line of JSON a night, which only grows, and what changed in it for good. A line
 * keeps the latencies of every cell that came to a verdict; where a cell could not tell, its figures are no evidence
 * either and are left out.
 *
 * Nothing is compared with a baseline that somebody froze: the newest nights are their own past in a month, so a
 * regression that was accepted stops being told.
 */
import * as z from "zod";
import { changePoints, changeRules } from "../statistics/change-points.ts";
import { medianOf } from "../statistics/signed-rank.ts";
import { type NightlyRecord, nightlyVerdict } from "./nightly-record.ts";

export const seriesSchema = 1;

const nightSchema = z.object({
  schema: z.literal(seriesSchema),
  name: z.string(),
  startedWallMs: z.number(),
  verdict: z.string(),
  /** Milliseconds by "cell: operation percentile". */
  figures: z.record(z.string(), z.number()),
});

export type SeriesNight = Readonly<z.infer<typeof nightSchema>>;

export const seriesNightOf = (record: NightlyRecord): SeriesNight => ({
  schema: seriesSchema,
  name: record.name,
  startedWallMs: record.startedWallMs,
  verdict: nightlyVerdict(record),
  figures: Object.fromEntries(
    record.cells
      .filter(({ verdict }) => verdict !== "inconclusive")
      .flatMap(({ id, figures }) => Object.entries(figures).map(([name, ms]) => [`${id}: ${name}`, ms])),
  ),
});

/** One line, its line feed included. */
export const seriesLine = (night: SeriesNight): string => `${JSON.stringify(night)}\n`;

export type Series = {
  /** By the time they began, whatever the order in the file. */
  readonly nights: readonly SeriesNight[];
  /** Numbers of the lines that are no night, such as one that a full disk cut short; the first line is 1. */
  readonly unreadable: readonly number[];
};

export const parseSeries = (text: string): Series => {
  const nights: SeriesNight[] = [];
  const unreadable: number[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const night = nightOfLine(line);
    if (night === undefined) unreadable.push(index + 1);
    else nights.push(night);
  }
  return { nights: nights.toSorted((one, other) => one.startedWallMs - other.startedWallMs), unreadable };
};

function nightOfLine(line: string): SeriesNight | undefined {
  try {
    return nightSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

/** One figure over the nights that measured it. */
export type FigureCourse = {
  readonly name: string;
  readonly values: readonly { readonly startedWallMs: number; readonly ms: number }[];
  /** Of the newest nights, as many as are looked at for changes. */
  readonly medianMs: number;
  readonly changes: readonly LastingChange[];
};

export type LastingChange = {
  /** When the first night of the new state began. */
  readonly since: number;
  /** How many nights the new state has lasted. */
  readonly nightCount: number;
  /** Median after over median before. */
  readonly ratio: number;
  readonly probability: number;
};

/**
 * Names of the figures that are worse for good and were not yet known to be when the last `nightCount` nights had not
 * been: a change is told some nights after it began, later the more the nights scatter, and only then can it alarm.
 */
export const newlyWorse = (series: Series, nightCount: number): readonly string[] => {
  const nights = series.nights.slice(0, Math.max(0, series.nights.length - nightCount));
  const known = new Map(figureCourses({ ...series, nights }).map((course) => [course.name, course]));
  return figureCourses(series).flatMap((course) => {
    const change = course.changes.at(-1);
    if (change === undefined || change.ratio < 1) return [];
    const nightOf = (since: number): number => course.values.findIndex((one) => one.startedWallMs === since);
    const isKnown = known
      .get(course.name)
      ?.changes.some(
        (one) =>
          one.ratio > 1 && Math.abs(nightOf(one.since) - nightOf(change.since)) < changeRules.segmentMin,
      );
    return isKnown === true ? [] : [course.name];
  });
};

/** Every figure of the series by name, in the order of the alphabet. */
export const figureCourses = ({ nights }: Series): readonly FigureCourse[] => {
  const names = new Set(nights.flatMap(({ figures }) => Object.keys(figures)));
  return [...names].toSorted().map((name) => {
    const values = nights.flatMap(({ startedWallMs, figures }) => {
      const ms = Object.hasOwn(figures, name) ? figures[name] : undefined;
      return ms === undefined ? [] : [{ startedWallMs, ms }];
    });
    const found = changePoints(values.map(({ ms }) => ms));
    const changes = found.flatMap(({ index, ratio, probability }, order): readonly LastingChange[] => {
      const since = values[index]?.startedWallMs;
      const nightCount = (found[order + 1]?.index ?? values.length) - index;
      return since === undefined ? [] : [{ since, nightCount, ratio, probability }];
    });
    return {
      name,
      values,
      medianMs: medianOf(values.slice(-changeRules.window).map(({ ms }) => ms)),
      changes,
    };
  });
};
