/** What `tipcart load` prints for a person. */
import type { Measurement, Percentiles } from "../generator/measurement.ts";
import type { LoadResult, Trial } from "./load.ts";

const ms = (value: number): string => (value < 10 ? value.toFixed(2) : value.toFixed(1)).padStart(9);

const row = (name: string, { p50, p90, p99, p999, max }: Percentiles): string =>
  `${name.padEnd(24)}${[p50, p90, p99, p999, max].map(ms).join("")}`;

const heading = `${"milliseconds".padEnd(24)}${["p50", "p90", "p99", "p99.9", "max"].map((one) => one.padStart(9)).join("")}`;

/** One measurement, whole. */
export function loadTable({ trials, noiseFloor }: LoadResult): string {
  const trial = trials.at(-1);
  if (trial === undefined) return "Nothing was measured.\n";
  const { measurement, cpuShare, priority, residentMegabytes } = trial;
  const { counts, offeredRate, achievedRate, response, service, lag } = measurement;
  const { okCount, failCount, infoCount, droppedCount } = counts;
  return `${[
    sentenceOf(measurement),
    "",
    `offered ${offeredRate.toFixed(1)}/s, achieved ${achievedRate.toFixed(1)}/s (${((100 * achievedRate) / offeredRate).toFixed(2)} %)`,
    `${okCount} ok, ${failCount} failed, ${infoCount} unknown, ${droppedCount} dropped`,
    `generator: ${cpuShare.toFixed(2)} of a processor, ${priority} priority, ${residentMegabytes.start} MB at the start, ${residentMegabytes.end} MB at the end`,
    "",
    heading,
    row("response (from intent)", response),
    row("service (from sending)", service),
    row("lag (of the generator)", lag),
    ...(noiseFloor === undefined
      ? []
      : [
          `${"noise floor".padEnd(24)}${ms(noiseFloor.p50Ms)}${"".padStart(9)}${ms(noiseFloor.p99Ms)}${ms(noiseFloor.p999Ms)}`,
        ]),
    "",
    ...slaLines(measurement),
  ].join("\n")}\n`;
}

const sentenceOf = ({ verdict, doubts }: Measurement): string => {
  const word = verdict.charAt(0).toUpperCase() + verdict.slice(1);
  return doubts.length === 0
    ? `${word}.`
    : `${word}: the generator cannot be believed: ${doubts.join("; ")}.`;
};

const slaLines = ({ sla, doubts }: Measurement): readonly string[] =>
  sla.map(({ text, verdict, verdictWithoutLag, observed }) => {
    const other = doubts.length === 0 ? "" : ` (without the generator's lag: ${verdictWithoutLag})`;
    return `${text}: ${verdict}${other}, ${observed}`;
  });

/** The trials of a search in the order in which they were made, and what follows from them. */
export function searchTable({ trials, unbelieved, rateMax = 0 }: LoadResult): string {
  const lines = trials.map(({ rate, measurement }: Trial) => {
    const { verdict, response } = measurement;
    return `${String(rate).padStart(8)}/s  ${verdict.padEnd(13)} p50 ${ms(response.p50)}  p99 ${ms(response.p99)}  p99.9 ${ms(response.p999)}`;
  });
  const end =
    rateMax === 0
      ? "No rate that was tried meets the service levels."
      : `The highest rate that meets the service levels is ${rateMax} requests/s.`;
  const cut =
    unbelieved === undefined
      ? []
      : [`The search ended early, since the generator could not be believed: ${unbelieved.join("; ")}.`];
  const last = trials.findLast(({ rate }) => rate === rateMax)?.measurement ?? trials.at(-1)?.measurement;
  return `${[...lines, "", ...cut, end, ...(last === undefined ? [] : slaLines(last))].join("\n")}\n`;
}
