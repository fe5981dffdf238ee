/** A run in any of the formats that other programs read. */
import type { History } from "../../checkers/history/history.ts";
import { markdownSummary } from "../markdown.ts";
import type { RunRecord } from "../run-record.ts";
import type { ExportFormat } from "./format.ts";
import { histogramLog } from "./histogram-log.ts";
import { junitXml } from "./junit.ts";
import { timeSeriesCsv } from "./time-series.ts";

/** The whole file as text. */
export const exported = (
  format: ExportFormat,
  run: { readonly record: RunRecord; readonly history: History },
): string => {
  switch (format) {
    case "csv":
      return timeSeriesCsv(run.history);
    case "junit":
      return junitXml(run.record);
    case "hlog":
      return histogramLog(run.history);
    case "md":
      return markdownSummary(run.record);
    case "json":
      return `${JSON.stringify(run.record, null, 1)}\n`;
  }
};
