import { HistogramLogReader, listTags } from "hdr-histogram-js";
import { describe, expect, it } from "vitest";
import { injectionCorpus } from "../fixture/injection-corpus.ts";
import { junitFaults, readXml } from "../fixture/junit-shape.ts";
import { elementsOf, isElement } from "../fixture/page-reader.ts";
import { stagedRun } from "../fixture/staged-run.ts";
import { loadRequests } from "../load-requests.ts";
import { exported } from "./export.ts";

const passed = stagedRun();
const runs = (["passed", "violated", "breached", "inconclusive"] as const).map((variant) =>
  stagedRun({ variant, rate: 60 }),
);

describe("the time series", () => {
  const [names = "", ...rows] = exported("csv", passed).trimEnd().split("\r\n");
  const column = (name: string): readonly string[] =>
    rows.map((row) => row.split(",")[names.split(",").indexOf(name)] ?? "");
  const sum = (name: string): number => column(name).reduce((all, value) => all + Number(value), 0);

  it("has a line for every second, and adds up to the record's counts", () => {
    const { counts } = passed.record;

    expect(rows).toHaveLength(90);
    expect(column("from_s").slice(0, 3)).toEqual(["0", "1", "2"]);
    expect([sum("ok"), sum("failed"), sum("unknown"), sum("dropped"), sum("due")]).toEqual([
      counts.okCount,
      counts.failCount,
      counts.infoCount,
      counts.droppedCount,
      counts.requestCount,
    ]);
  });

  it("names the phase of a second, and the faults that held in it", () => {
    expect(column("phase").slice(34, 41)).toEqual(["steady", ...Array(5).fill("1 kill"), "after 1 kill"]);
    expect(column("fault").slice(34, 42)).toEqual(["", ...Array(6).fill("1 kill"), ""]);
  });

  it("leaves a percentile empty that too few requests would carry", () => {
    expect(column("p999_ms").every((value) => value === "")).toBe(true);
    expect(column("p50_ms").every((value) => Number(value) > 0)).toBe(true);
  });

  it("keeps a name from becoming a formula or a column of its own", () => {
    const run = stagedRun({ rate: 20 });
    const phases = run.history.phases.map((phase) => ({ ...phase, name: '=cmd|"/c calc",1' }));
    const text = exported("csv", { ...run, history: { ...run.history, phases } });

    expect(text.split("\r\n")[1]).toMatch(/^0,1,"'=cmd\|""\/c calc"",1",/);
  });
});

describe("the histogram log", () => {
  const text = exported("hlog", passed);

  it("has a tag for each operation and measure", () => {
    expect([...listTags(text)].toSorted()).toEqual(
      ["delete", "get", "put"].flatMap((kind) =>
        ["lag", "response", "service"].map((measure) => `${kind}-${measure}`),
      ),
    );
  });

  it("is read back with the counts, the start and the slowest request of the run", () => {
    const reader = new HistogramLogReader(text);
    const counts = new Map<string, number>();
    let slowest = 0;
    for (;;) {
      const histogram = reader.nextIntervalHistogram();
      if (histogram === null) break;
      counts.set(histogram.tag, (counts.get(histogram.tag) ?? 0) + histogram.totalCount);
      if (histogram.tag === "get-response") slowest = Math.max(slowest, histogram.maxValue);
    }
    const gets = [...loadRequests(passed.history)].filter(({ kind }) => kind === "get");
    const ok = gets.filter(({ outcome }) => outcome === "ok");

    expect(counts.get("get-response")).toBe(passed.record.counts.acknowledgedReadCount);
    expect(counts.get("get-service")).toBe(ok.length);
    expect(counts.get("get-lag")).toBe(gets.length);
    expect((counts.get("put-response") ?? 0) + (counts.get("delete-response") ?? 0)).toBe(
      passed.record.counts.acknowledgedWriteCount,
    );
    expect(reader.startTimeSec).toBe(passed.record.startedWallMs / 1_000);
    expect(slowest / 1_000 / Math.max(...ok.map(({ responseMs }) => responseMs))).toBeCloseTo(1, 3);
  });
});

describe("the JUnit report", () => {
  it.each(runs.map((run) => [run.record.verdict, run] as const))(
    "of a run that is %s keeps to the schema, with a case for each check, row and fault",
    (_, run) => {
      const text = exported("junit", run);
      const { verdicts, service, levels, faults } = run.record;

      expect(junitFaults(text)).toEqual([]);
      expect(elementsOf(readXml(text)).filter(({ name }) => name === "testcase")).toHaveLength(
        verdicts.length + service.length + levels.length + faults.length,
      );
    },
  );

  it("fails for what is wrong, is in error for what nobody knows, and for nothing else", () => {
    const counted = runs.map(({ record }) => {
      const all = elementsOf(readXml(exported("junit", { record, history: passed.history })));
      const count = (name: string): number => all.filter((element) => element.name === name).length;
      return [record.verdict, count("failure") > 0, count("error") > 0];
    });

    expect(counted).toEqual([
      ["passed", false, expect.any(Boolean)],
      ["violated", true, expect.any(Boolean)],
      ["breached", true, expect.any(Boolean)],
      ["inconclusive", false, true],
    ]);
  });

  it("holds a level that was missed against the store only where the run does", () => {
    const level = {
      text: "put:p99<1ms@n2",
      where: "1 kill",
      verdict: "breached",
      observed: "9 of 9 bad",
    } as const;
    const levels = [{ ...level, requestCount: 9, badCount: 9 }];
    const endingOf = (type: "breached" | "inconclusive"): readonly string[] => {
      const verdicts = passed.record.verdicts.map((one) => ({ ...one, type }));
      const record = { ...passed.record, levels, service: [], faults: [], verdicts };
      const cases = elementsOf(readXml(exported("junit", { ...passed, record })));
      const own = cases.find(({ attributes }) => attributes["name"] === "put:p99<1ms@n2 in 1 kill");
      return own?.children.filter(isElement).map(({ name }) => name) ?? [];
    };

    expect(endingOf("breached")).toEqual(["failure"]);
    expect(endingOf("inconclusive")).toEqual(["error"]);
  });

  it("keeps to the schema whatever the texts of a run are", () => {
    for (let from = 0; from < injectionCorpus.length; from += 40) {
      const hostile = injectionCorpus.slice(from, from + 40).join(" ");
      const run = stagedRun({ variant: "violated", rate: 20, text: (plain) => `${plain}${hostile}` });

      expect(junitFaults(exported("junit", run))).toEqual([]);
    }
  });
});

describe("the other formats", () => {
  it("are the record itself and its summary", () => {
    expect(JSON.parse(exported("json", passed))).toEqual(passed.record);
    expect(exported("md", passed)).toMatch(/^### ✓ Passed: shopping-cart\n/);
  });
});
