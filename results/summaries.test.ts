/** The verdict in words: the one sentence, the terminal's table, Markdown. */
import { describe, expect, it } from "vitest";
import type { Verdict } from "../checkers/verdict.ts";
import { conclusion } from "./conclusion.ts";
import { injectionCorpus } from "./fixture/injection-corpus.ts";
import { stagedRun } from "./fixture/staged-run.ts";
import { escapeMarkdown, markdownSummary } from "./markdown.ts";
import { terminalTable } from "./terminal.ts";
import { count, duration, latency, percent, quantileName, times } from "./units.ts";
import { visibleText } from "./visible-text.ts";

const passed = stagedRun({ rate: 300 }).record;
const violated = stagedRun({ variant: "violated", rate: 500 }).record;

const verdict = (fields: Partial<Verdict>): Verdict => ({
  checker: "acked-writes",
  properties: ["P1"],
  type: "passed",
  summary: "0 of 9 acknowledged writes lost.",
  anomalies: [],
  anomalyCount: 0,
  metrics: {},
  ...fields,
});

describe("the conclusion", () => {
  it("claims that writes were kept only when their checker says so", () => {
    const unjudged = { ...passed, verdicts: [verdict({ properties: ["P2"], checker: "acked-adds" })] };

    expect(conclusion(passed)).toMatch(/^all [\d,]+ acknowledged writes were kept/);
    expect(conclusion(unjudged)).toMatch(/^1 check passed over [\d,]+ requests/);
  });

  it("does not call writes kept that were lost, even when their checker passed", () => {
    const measured = verdict({ anomalyCount: 4, summary: "4 of 9 acknowledged writes lost." });

    expect(conclusion({ ...passed, verdicts: [measured] })).not.toContain("kept");
  });

  it("says what was lost when a run passes because it expects just that", () => {
    const lost = verdict({
      expected: true,
      anomalyCount: 4,
      summary: "As this run expects: 4 of 9 writes lost. Because of x.",
    });

    const asked = { ...passed, expect: ["P1"], verdicts: [lost] };

    expect(conclusion(asked)).toBe("As this run expects: 4 of 9 writes lost.");
  });

  it("does not claim a service level that a row leaves open", () => {
    const open = passed.service.map((row) => ({ ...row, verdict: "inconclusive" as const }));

    expect(conclusion(passed)).toContain("p99.9 stayed within 300 ms");
    expect(conclusion({ ...passed, service: open })).not.toContain("300 ms");
  });

  it("names no fault that was not proved", () => {
    const faults = passed.faults.map((fault) => ({
      ...fault,
      state: fault.kind === "kill" ? ("skipped" as const) : fault.state,
    }));

    expect(conclusion({ ...passed, faults })).toContain(
      "through 3 proved faults (pause, partition and clock)",
    );
    expect(conclusion({ ...passed, faults: [] })).toContain("without any fault");
  });

  it("prefers the violation that nobody expected", () => {
    const verdicts = [
      verdict({ type: "violated", expected: true, summary: "1 lost." }),
      verdict({ type: "violated", summary: "2 of 3.5 thousand came back. More." }),
    ];

    expect(conclusion({ ...violated, verdicts })).toBe("2 of 3.5 thousand came back.");
  });
});

describe("the terminal's table", () => {
  it("has a line for each check and fault, the sentence, and the report's path", () => {
    const text = terminalTable(violated, { color: false, width: 100, reportPath: "runs/x/report.html" });

    for (const one of violated.verdicts)
      expect(text).toMatch(new RegExp(`[✓✗?!] ${one.properties.join(" ")} +${one.checker}`));
    for (const fault of violated.faults) expect(text).toContain(`${fault.id} of ${fault.nodes.join(", ")}`);
    expect(text).toContain("✗ P1");
    expect(text).toMatch(
      /Violated: 31 of [\d,]+ acknowledged writes lost, as expected of this configuration\.\nReport: runs\/x\/report\.html\n$/,
    );
  });

  it("folds at the width and cuts nothing", () => {
    const text = terminalTable(violated, { color: false, width: 72 });
    const checks = text.slice(0, text.indexOf("Service level")).split("\n");

    expect(Math.max(...checks.map((line) => [...line].length))).toBeLessThanOrEqual(72);
    for (const one of violated.verdicts)
      expect(text.replace(/\s+/g, " ")).toContain(one.summary.replace(/\s+/g, " "));
  });

  it("has colour only when told so", () => {
    expect(terminalTable(passed, { color: false, width: 80 })).not.toContain("\u001b");
    expect(terminalTable(passed, { color: true, width: 80 })).toContain("\u001b[32m");
  });

  it("lets no text of the run steer the terminal", () => {
    for (const text of injectionCorpus) {
      const record = {
        ...passed,
        name: text,
        defects: [text],
        verdicts: [verdict({ summary: text, checker: text })],
        faults: passed.faults.map((fault) => ({ ...fault, backend: text })),
      };

      expect(
        [...terminalTable(record, { color: false, width: 80 })].filter((mark) => mark < " " && mark !== "\n"),
      ).toEqual([]);
    }
  });
});

describe("Markdown", () => {
  it("says the same sentence and the same numbers", () => {
    const text = markdownSummary(violated);

    expect(text).toMatch(/^### ✗ Violated: shopping-cart\n/);
    expect(text).toContain("| ✗ violated | P1 acked-writes | 31 of ");
    expect(text).toContain("- and 28 more");
    for (const row of violated.service.filter((one) => one.hard))
      expect(text).toContain(`| ${count(row.requestCount)} |`);
    expect(text).toContain(violated.environment.replay);
  });

  it("escapes whatever could draw, link or mention", () => {
    expect(escapeMarkdown("a|b *c* [x](y) <b> `z` #1")).toBe(
      "a\\|b \\*c\\* \\[x\\](y) &lt;b&gt; \\`z\\` \\#1",
    );
    expect(escapeMarkdown("@everyone http://x")).not.toMatch(/@e|:\/\//);
  });

  it("keeps every row of its tables on one line with the same columns, whatever the text", () => {
    for (const text of injectionCorpus) {
      const record = {
        ...passed,
        name: text,
        service: [],
        faults: [],
        verdicts: [verdict({ summary: text, checker: text })],
      };
      const rows = markdownSummary(record)
        .split("\n")
        .filter((line) => line.startsWith("|"));

      expect(rows).toHaveLength(3);
      for (const row of rows) expect(row.match(/(?<!\\)\|/g)).toHaveLength(4);
    }
  });
});

describe("numbers", () => {
  it("keep three digits and never round up to the whole", () => {
    expect([0.41234, 1.5, 86, 1_250, 0].map(latency)).toEqual([
      "0.412 ms",
      "1.50 ms",
      "86.0 ms",
      "1.25 s",
      "0 ms",
    ]);
    expect([0, 0.001_17, 0.999_999, 1, 0.000_001].map(percent)).toEqual([
      "0 %",
      "0.117 %",
      "99.999 %",
      "100 %",
      "< 0.001 %",
    ]);
    expect([0, 0.3, 11.7, 123.4].map(times)).toEqual(["0×", "0.30×", "12×", "123×"]);
    expect([340, 4_980, 91_000].map(duration)).toEqual(["340 ms", "4.98 s", "1 min 31 s"]);
    expect([0.5, 0.99, 0.999, 0.9999].map(quantileName)).toEqual(["p50", "p99", "p99.9", "p99.99"]);
  });
});

describe("visible text", () => {
  it("spells out what cannot be seen and keeps what can", () => {
    expect(visibleText("a\u0000b\u202ec\ud800d é 购物车 🛒\nx")).toBe(
      "a\\u{0}b\\u{202e}c\\u{d800}d é 购物车 🛒\nx",
    );
  });
});
