/** The series of nights for a terminal: what changed for good, then every figure with its last night. */
import { counted, day, milliseconds } from "../units.ts";
import { visibleLine } from "../visible-text.ts";
import { type FigureCourse, figureCourses, type LastingChange, type Series } from "./series.ts";

/** "1.23× since 2026-11-20, for 4 nights (p 0.001)". */
export const changeText = ({ ratio, since, nightCount, probability }: LastingChange): string =>
  `${ratio.toFixed(2)}× since ${day(since)}, for ${counted(nightCount, "night")} (p ${probability.toFixed(3)})`;

/** What happened last of all decides: worse is a reason to look, better is news. */
export const latestChange = ({ changes }: FigureCourse): LastingChange | undefined => changes.at(-1);

/** Ends with a line feed. */
export const seriesText = (series: Series): string => {
  const courses = figureCourses(series);
  const width = courses.reduce((most, { name }) => Math.max(most, visibleLine(name).length), 0);
  const table = courses.map((course) => {
    const last = course.values.at(-1);
    const cells = [
      visibleLine(course.name).padEnd(width),
      milliseconds(last?.ms ?? null).padStart(8),
      milliseconds(course.medianMs).padStart(8),
      course.changes.map(changeText).join("; "),
    ];
    return cells.join("  ").trimEnd();
  });
  const head = `${"milliseconds".padEnd(width)}  ${"last".padStart(8)}  ${"median".padStart(8)}  lasting changes`;
  return `${[...(table.length > 0 ? [head, ...table] : []), seriesSentence(series, courses)].join("\n")}\n`;
};

/** What a person is told first. Fewer nights than two segments can hold no change at all, and that is said. */
export const seriesSentence = (series: Series, courses: readonly FigureCourse[]): string => {
  const worse = courses.filter((course) => (latestChange(course)?.ratio ?? 0) > 1).length;
  const better = courses.filter((course) => (latestChange(course)?.ratio ?? 1) < 1).length;
  const skipped =
    series.unreadable.length === 0
      ? ""
      : ` ${counted(series.unreadable.length, "line")} could not be read, the first is line ${series.unreadable[0]}.`;
  const { length } = series.nights;
  const found =
    worse + better > 0
      ? `${counted(worse, "figure")} worse for good, ${better} better.`
      : length < nightsMin
        ? "too few to tell a lasting change."
        : "no lasting change.";
  return `${counted(length, "night")}: ${found}${skipped}`;
};

/** With fewer, shuffling cannot make a change improbable: C(7, 3) is 35, C(10, 5) is 252. */
export const nightsMin = 10;
