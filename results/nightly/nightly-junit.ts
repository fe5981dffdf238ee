/**
 * A night as JUnit XML, a case a cell: violated and breached are failures of different types, inconclusive is an error.
 */
import junit, { type Builder } from "junit-report-builder";
import { visibleLine, visibleText } from "../visible-text.ts";
import type { NightlyRecord } from "./nightly-record.ts";

/** Its types describe the package's ES build; Node loads the other one, whose export is the builder itself. */
const library = junit as unknown as Builder;

export const nightlyJunit = (record: NightlyRecord): string => {
  const builder = library.newBuilder().name(visibleLine(`tipcart ${record.name}`));
  const suite = builder
    .testSuite()
    .name(visibleLine(record.name))
    .timestamp(new Date(record.startedWallMs))
    .time(record.seconds);
  for (const { id, seconds, verdict, sentence, replay, seed } of record.cells) {
    const one = suite.testCase().className("tipcart.nightly").name(visibleLine(id)).time(seconds);
    // A CDATA section ends at this mark, which the library splits only once.
    const again = visibleText(`seed ${seed}\n${replay}`).replaceAll("]]>", "]]\\u{3e}");
    switch (verdict) {
      case "passed":
        one.standardOutput(again);
        break;
      case "inconclusive":
        one.error(visibleLine(sentence), "inconclusive", again);
        break;
      case "violated":
      case "breached":
        one.failure(visibleLine(sentence), verdict);
        one.stacktrace(again);
        break;
    }
  }
  return builder.build();
};
