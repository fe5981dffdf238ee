/** What a run can be handed out as: each format with the file beside the report that holds it. */

export const exportFormats = ["csv", "junit", "hlog", "md", "json"] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** The file's name in the run's folder. */
export const exportFile: Readonly<Record<ExportFormat, string>> = {
  csv: "series.csv",
  junit: "junit.xml",
  hlog: "latency.hlog",
  md: "summary.md",
  json: "verdict.json",
};

export const isExportFormat = (text: string): text is ExportFormat =>
  exportFormats.some((format) => format === text);
