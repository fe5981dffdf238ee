/** Whatever the data says, the page stays the page: no text becomes an element, and none is lost. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { historyOf } from "../../checkers/history/history.ts";
import { elementsOf, readMarkup, textOf } from "../fixture/page-reader.ts";
import { stagedRun } from "../fixture/staged-run.ts";
import { recordOfRun } from "../record-of-run.ts";
import type { RunRecord } from "../run-record.ts";
import { visibleText } from "../visible-text.ts";
import { figuresOfRun } from "./figures-of-run.ts";
import { html } from "./markup.ts";
import { renderReport } from "./report.ts";

const deep = process.env["TIPCART_DEEP"] === "1" ? 20 : 1;

const sharp = fc.constantFrom(
  "<",
  ">",
  '"',
  "'",
  "&",
  "`",
  "\u0000",
  "\u202e",
  "\ud800",
  "</",
  "<!--",
  "script",
  "&lt;",
);
const hostile = fc
  .array(fc.oneof(sharp, fc.string({ unit: "binary" })), { maxLength: 12 })
  .map((parts) => parts.join(""));

describe("a template", () => {
  it("gives any text back as it went in, made visible, and nothing else", () => {
    fc.assert(
      fc.property(hostile, hostile, (text, title) => {
        const root = readMarkup(html`<p title="${title}">${text}</p>`.toString());
        const [, paragraph] = elementsOf(root);

        expect(elementsOf(root)).toHaveLength(2);
        expect(textOf(root)).toBe(visibleText(text));
        expect(paragraph?.attributes).toEqual({ title: visibleText(title) });
      }),
      { numRuns: 500 * deep },
    );
  });
});

const staged = stagedRun({ variant: "violated", rate: 20 });

/** Every string of a value replaced, keys of objects too. */
const rewritten = (value: unknown, text: (plain: string) => string): unknown => {
  if (typeof value === "string") return text(value);
  if (Array.isArray(value)) return value.map((one) => rewritten(one, text));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, rewritten(one, text)]));
};

/** Words that the page switches on stay; all that people, nodes or nemeses may write is replaced. */
const hostileRecord = (record: RunRecord, text: (plain: string) => string): RunRecord => {
  const free = (plain: string): string => (closed.has(plain) ? plain : text(plain));
  return rewritten(record, free) as RunRecord;
};

const closed = new Set(
  [
    "passed inconclusive breached violated completed proved met ineffective skipped unfinished get put delete any",
    "warm-up steady fault recovery settle final write read missing",
  ].flatMap((words) => words.split(" ")),
);

describe("the report", () => {
  it("keeps its elements whatever the strings of the record are", () => {
    const usual = elementsOf(readMarkup(renderReport(staged.record, staged.figures))).map((one) => one.name);
    const allowed = new Set(usual);

    fc.assert(
      fc.property(hostile, (text) => {
        const record = hostileRecord(staged.record, (plain) => plain + text);
        const page = readMarkup(renderReport(record, staged.figures));

        expect(elementsOf(page).filter((one) => !allowed.has(one.name))).toEqual([]);
        expect(textOf(page)).toContain(visibleText(`${staged.record.name}${text}`));
      }),
      { numRuns: 25 * deep },
    );
  });

  it("is made of a run that ended before it began", () => {
    const history = historyOf([]);
    const record = recordOfRun({
      history,
      judgement: { schema: 1, type: "inconclusive", summary: "", verdicts: [], defects: ["Empty."] },
      service: [],
      environment: staged.record.environment,
    });

    const page = readMarkup(renderReport(record, figuresOfRun(history, record)));

    expect(textOf(page)).toContain("Nothing was judged.");
    expect(textOf(page)).toContain("The journal ends in mid-run.");
    expect(textOf(page)).toContain("Empty.");
    expect(textOf(page)).not.toMatch(/NaN|undefined|Infinity/);
  });
});
