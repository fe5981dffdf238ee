import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { serviceRows } from "../../checkers/service-level.ts";
import { injectionCorpus, payload } from "../fixture/injection-corpus.ts";
import { type Element, elementsOf, findAll, readMarkup, textOf } from "../fixture/page-reader.ts";
import { type StagedRun, stagedRun } from "../fixture/staged-run.ts";
import { count, milliseconds } from "../units.ts";
import { renderReport } from "./report.ts";

const pageOf = ({ record, figures }: StagedRun): Element => readMarkup(renderReport(record, figures));

const passed = stagedRun();
const violated = stagedRun({ variant: "violated" });
const breached = stagedRun({ variant: "breached" });
const inconclusive = stagedRun({ variant: "inconclusive" });

const section = (page: Element, id: string): Element => {
  const found = elementsOf(page).find((element) => element.attributes["id"] === id);
  if (found === undefined) throw new Error(`the page has no ${id}`);
  return found;
};

describe("the first screen", () => {
  it.each([
    ["passed", passed, /^All 19,039 acknowledged writes were kept through 4 proved faults/],
    ["violated", violated, /^31 of 19,039 acknowledged writes lost, as expected of this configuration\.$/],
    ["breached", breached, /^Steady phases: get p99\.9 within 300 ms: breached, 92 of 12,207 requests bad/],
    ["inconclusive", inconclusive, /^The fault 3 partition never took effect/],
  ] as const)("says in one sentence that the run %s", (word, run, sentence) => {
    const page = pageOf(run);

    expect(textOf(findAll(page, "h1")[0] ?? "")).toMatch(sentence);
    expect(textOf(findAll(page, "p", "word")[0] ?? "").toLowerCase()).toBe(word);
  });

  it("counts what the record counts", () => {
    const tiles = findAll(pageOf(violated), "div", "tile").map(textOf);
    const { counts } = violated.record;

    expect(tiles[0]).toBe(`Writes lost31of ${count(counts.acknowledgedWriteCount)} acknowledged writes`);
    expect(tiles[1]).toContain(`Requests${count(counts.requestCount)}${count(counts.okCount)} ok`);
    expect(tiles[2]).toContain("4 of 4");
  });
});

/** A line of the first screen by its name. */
const line = (run: StagedRun, name: string): string => {
  const lines = findAll(pageOf(run), "dl", "provenance").flatMap((list) => findAll(list, "div"));
  return textOf(lines.find((one) => textOf(one.children[0] ?? "") === name)?.children[1] ?? "");
};

describe("the first screen's lines", () => {
  it("name build, machine and faults, so that two runs can be told apart", () => {
    expect(line(passed, "Build")).toBe("server 3f9c1d07a2b45e68, Tipcart 0.1.0 at 0562df9ab31c, seed 7");
    expect(line(passed, "Machine")).toBe("2 × AMD EPYC 9B14, 8.0 GiB, kernel 6.18.5, x64, Node 20.20.2");
    expect(line(passed, "Faults")).toMatch(/^1 kill n2 for 5\.01 s, 2 pause n4 for .*, 4 clock n5 for /);
    expect(line(inconclusive, "Faults")).toContain("3 partition n1 n3 (ineffective)");
  });

  it("say that an older record does not name its build", () => {
    const { build: _, ...environment } = passed.record.environment;

    expect(line({ ...passed, record: { ...passed.record, environment } }, "Build")).toBe(
      "Tipcart 0.1.0, server's build not recorded, seed 7",
    );
  });
});

/** The first screen of the passed run, had its load generator these doubts. */
const headingWith = (doubts: readonly string[]): string => {
  const { record, figures } = passed;
  const page = readMarkup(renderReport({ ...record, generator: { ...record.generator, doubts } }, figures));
  return textOf(findAll(page, "header", "heading")[0] ?? page);
};

describe("the tables", () => {
  it("hold every row of the service level with the record's numbers", () => {
    const cells = findAll(section(pageOf(passed), "service"), "table", "service-levels")
      .flatMap((table) => findAll(table, "tr").slice(1))
      .map((row) => row.children.map(textOf));
    const { service } = passed.record;

    expect(service).toEqual(serviceRows(passed.history));
    expect(cells).toHaveLength(service.length);
    for (const row of service) {
      const counts = [
        row.requestCount,
        row.okCount,
        row.slowCount,
        row.failCount,
        row.infoCount,
        row.droppedCount,
      ];
      const latencies = [
        row.latencyMs.p50,
        row.latencyMs.p90,
        row.latencyMs.p99,
        row.latencyMs.p999,
        row.latencyMs.max,
      ];
      const name = row.phase ?? `${row.kind} phasesp99.9 within 300 ms`;
      const shown = cells.find((one) => one[0] === `${row.operation}, ${name}`);

      expect(shown?.slice(2, 8)).toEqual(counts.map(count));
      expect(shown?.slice(9, 14)).toEqual(latencies.map(milliseconds));
    }
  });

  it("say on the first screen how the load generator judged itself", () => {
    expect(headingWith([])).toContain("it passed its self-check");
    expect(headingWith(["it stalled for 90 ms"])).toContain("failed its self-check: it stalled for 90 ms.");
  });

  it("hold each operation through each entry node", () => {
    const table = findAll(section(pageOf(passed), "nodes"), "details")[0];
    const rows = (table === undefined ? [] : findAll(table, "tr"))
      .slice(1)
      .map((row) => row.children.slice(0, 4).map(textOf));

    expect(rows).toEqual(
      passed.figures.nodes.flatMap(({ node, operations }) =>
        operations.map(({ operation, okCount, slowCount, badCount }) => [
          `${node}, ${operation}`,
          ...[okCount, slowCount, badCount].map(count),
        ]),
      ),
    );
  });

  it("hold every service level that was asked for, a node's and a fault's too", () => {
    const table = findAll(section(pageOf(passed), "service"), "table", "levels")[0];
    const names = (table === undefined ? [] : findAll(table, "tr"))
      .slice(1)
      .map((row) => textOf(row.children[0] ?? ""));
    const { levels } = passed.record;

    expect(new Set(levels.map(({ text }) => text))).toEqual(new Set(passed.history.run?.sla));
    expect(names.toSorted()).toEqual(levels.map(({ text, where }) => `${text}${where}`).toSorted());
    for (const { observed, requestCount } of levels) {
      expect(textOf(table ?? "")).toContain(observed);
      expect(textOf(table ?? "")).toContain(count(requestCount));
    }
  });

  it("say of each fault what it cost and what proved it", () => {
    const faults = findAll(section(pageOf(passed), "cluster"), "tbody")[0];
    const costs = findAll(section(pageOf(passed), "service"), "table", "effects")[0];

    for (const fault of passed.record.faults) expect(textOf(faults ?? "")).toContain(fault.evidence);
    for (const effect of passed.record.faultEffects)
      expect(textOf(costs ?? "")).toContain(count(effect.badCount));
  });

  it("tell what the load stands for beside the command that repeats it", () => {
    const { replay, scale = "no scale" } = passed.record.environment;
    const again = textOf(section(pageOf(passed), "again"));

    expect(again).toContain(replay);
    expect(again).toContain(scale);
  });

  it("repeat every interval in numbers that add up to the counts", () => {
    const rows = findAll(section(pageOf(passed), "latency"), "tr").slice(1);
    const ok = rows.reduce((sum, row) => sum + Number(textOf(row.children[1] ?? "").replaceAll(",", "")), 0);

    expect(rows).toHaveLength(90);
    expect(ok).toBe(passed.record.counts.okCount);
  });
});

describe("the charts over time", () => {
  it("have the generator's own lag under them, each in both breadths", () => {
    const charts = findAll(section(pageOf(passed), "latency"), "figure", "chart").flatMap((chart) =>
      findAll(chart, "svg"),
    );

    expect(charts.map((chart) => findAll(chart, "path", "lag").length)).toEqual(Array(8).fill(1));
  });
});

const titles = (page: Element): readonly string[] =>
  findAll(section(page, "nodes"), "svg", "wide").map((svg) => textOf(svg.children[0] ?? ""));

describe("the panels of nodes", () => {
  it("are one a node and operation, as it was asked and as it coordinated a write", () => {
    const kinds = ["get", "put", "delete"];

    expect(titles(pageOf(passed))).toEqual([
      ...passed.record.nodes.flatMap((node) => kinds.map((kind) => `${kind} asked of ${node}`)),
      ...passed.record.nodes.flatMap((node) =>
        kinds.slice(1).map((kind) => `${kind} coordinated by ${node}`),
      ),
    ]);
  });

  it("are those of sixteen nodes at most, and the page names the others", () => {
    const nodes = Array.from({ length: 20 }, (_, index) =>
      passed.figures.nodes.slice(0, 1).map((one) => ({ ...one, node: `m${index + 1}`, slowCount: index })),
    ).flat();
    const page = readMarkup(renderReport(passed.record, { ...passed.figures, nodes }));

    expect(new Set(titles(page).map((title) => title.split(" ").at(-1))).size).toBe(16);
    expect(textOf(section(page, "nodes"))).toContain("fewer slow or failed requests: m1, m2, m3, m4.");
  });
});

describe("the anomalies", () => {
  it("come with their story, their requests and their lineage", () => {
    const cards = findAll(section(pageOf(violated), "anomalies"), "details", "anomaly");
    const [first] = violated.record.verdicts[0]?.anomalies ?? [];
    const card = textOf(cards[0] ?? "");

    expect(cards).toHaveLength(3);
    for (const sentence of [first?.sentence ?? "", ...(first?.story ?? [])]) expect(card).toContain(sentence);
    for (const id of first?.requests ?? []) expect(card).toContain(`#${count(id)} `);
    expect(findAll(cards[0] ?? pageOf(violated), "g", "missing")).toHaveLength(2);
  });

  it("say how many are not shown", () => {
    expect(textOf(section(pageOf(violated), "anomalies"))).toContain(
      "28 more anomalies of this kind are in the run",
    );
  });

  it("of a check that passed stand apart, closed, and are not called wrong", () => {
    const verdicts = violated.record.verdicts.map((verdict) => ({ ...verdict, type: "passed" as const }));
    const page = readMarkup(
      renderReport({ ...violated.record, verdict: "passed", verdicts }, violated.figures),
    );

    expect(textOf(page)).not.toContain("What went wrong");
    expect(findAll(section(page, "allowed"), "details", "anomaly")).toHaveLength(3);
    expect(
      findAll(section(page, "allowed"), "details").every((card) => card.attributes["open"] === undefined),
    ).toBe(true);
  });

  it("have no section when there are none", () => {
    expect(elementsOf(pageOf(passed)).some((element) => element.attributes["id"] === "anomalies")).toBe(
      false,
    );
  });
});

describe("the page", () => {
  it("runs nothing, loads nothing, and allows nothing but its own style sheet", () => {
    const page = pageOf(passed);
    const policy = findAll(page, "meta").find(
      (meta) => meta.attributes["http-equiv"] === "Content-Security-Policy",
    );
    const style = findAll(page, "style")[0]?.children.join("") ?? "";
    const names = new Set(elementsOf(page).flatMap((element) => Object.keys(element.attributes)));

    expect(policy?.attributes["content"]).toContain(
      `default-src 'none'; style-src 'sha256-${createHash("sha256").update(style).digest("base64")}'`,
    );
    expect(findAll(page, "script")).toEqual([]);
    expect([...names].filter((name) => /^(on|src|style|xlink|action|data)/.test(name))).toEqual([]);
    expect(style).not.toMatch(/url\(|@import|expression/);
    for (const link of findAll(page, "a")) expect(link.attributes["href"]).toMatch(/^#/);
  });

  it("gives every drawing a title and a description, every id once, and every label its target", () => {
    const page = pageOf(violated);
    const ids = elementsOf(page).flatMap((element) => element.attributes["id"] ?? []);
    const drawings = findAll(page, "svg").filter((svg) => svg.attributes["role"] === "img");

    expect(new Set(ids).size).toBe(ids.length);
    expect(drawings.length).toBeGreaterThan(10);
    for (const drawing of drawings) {
      const labels = (drawing.attributes["aria-labelledby"] ?? "").split(" ");
      expect(labels.map((id) => ids.includes(id))).toEqual([true, true]);
      expect(textOf(drawing.children[0] ?? "").length).toBeGreaterThan(0);
    }
  });

  it("gives every column of every table a heading, and every part a landmark", () => {
    const page = pageOf(violated);

    for (const table of findAll(page, "table")) expect(findAll(table, "th").length).toBeGreaterThan(3);
    for (const name of ["header", "nav", "main", "footer"]) expect(findAll(page, name)).toHaveLength(1);
    for (const part of findAll(page, "section")) expect(part.attributes["aria-labelledby"]).toBeDefined();
  });

  it("draws nothing outside of its drawings", () => {
    for (const drawing of findAll(pageOf(violated), "svg", "drawing")) {
      const [, , width = 0, height = 0] = (drawing.attributes["viewBox"] ?? "").split(" ").map(Number);
      for (const mark of elementsOf(drawing)) {
        for (const name of ["x", "x1", "x2", "cx"] as const) {
          const value = Number(mark.attributes[name] ?? 0);
          expect(value >= 0 && value <= width).toBe(true);
        }
        for (const name of ["y", "y1", "y2", "cy"] as const) {
          const value = Number(mark.attributes[name] ?? 0);
          expect(value >= 0 && value <= height).toBe(true);
        }
      }
    }
  });

  it("carries one program at most, and allows exactly this one", () => {
    const program = 'document.title = "drawn";';
    const page = readMarkup(renderReport(passed.record, passed.figures, program));
    const policy = findAll(page, "meta").find((meta) => meta.attributes["http-equiv"] !== undefined);

    expect(findAll(page, "script").map((script) => script.children.join(""))).toEqual([program]);
    expect(policy?.attributes["content"]).toContain(
      `script-src 'sha256-${createHash("sha256").update(program).digest("base64")}';`,
    );
    expect(() => renderReport(passed.record, passed.figures, "x </SCRIPT> y")).toThrow(/end of a script/);
  });

  it("stays small", () => {
    expect(renderReport(violated.record, violated.figures).length).toBeLessThan(1_200_000);
  });
});

describe("hostile text in names, keys, nodes, failures and evidence", () => {
  const usual = new Set(elementsOf(pageOf(violated)).map(shapeOf));

  it("changes not one element or attribute of the page", { timeout: 60_000 }, () => {
    for (const texts of chunks(injectionCorpus, 40)) {
      const text = texts.join(" ");
      let uses = 0;
      const run = stagedRun({
        variant: "violated",
        rate: 20,
        text: (plain) => {
          uses += 1;
          return `${plain}${text}`;
        },
      });
      const page = pageOf(run);

      expect(uses).toBeGreaterThan(100);
      expect(findAll(page, "details", "anomaly")).toHaveLength(3);
      expect(
        elementsOf(page)
          .map(shapeOf)
          .filter((shape) => !usual.has(shape)),
      ).toEqual([]);
      expect(textOf(page)).toContain(payload);
    }
  });
});

const chunks = <T>(items: readonly T[], size: number): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );

/** An element's name with the names of its attributes. */
function shapeOf(element: Element): string {
  return `${element.name} ${Object.keys(element.attributes).toSorted().join(" ")}`;
}
