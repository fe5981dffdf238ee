import { describe, expect, it } from "vitest";
import { injectionCorpus } from "../fixture/injection-corpus.ts";
import { findAll, readMarkup } from "../fixture/page-reader.ts";
import type { CellResult, NightlyRecord } from "./nightly-record.ts";
import {
  figureCourses,
  newlyWorse,
  parseSeries,
  type SeriesNight,
  seriesLine,
  seriesNightOf,
} from "./series.ts";
import { seriesPage } from "./series-page.ts";
import { seriesText } from "./series-text.ts";

const dayMs = 86_400_000;
/** A little noise that repeats itself: 0.97 to 1.03. */
const noise = (index: number): number => 1 + ((index * 7) % 13) / 200 - 0.03;

const nightOf = (index: number, ms: number, name = "kill: get p50"): SeriesNight => ({
  schema: 1,
  name: "night",
  startedWallMs: index * dayMs,
  verdict: "passed",
  figures: { [name]: ms },
});

const cell = (id: string, verdict: CellResult["verdict"]): CellResult => ({
  id,
  workload: "shopping-cart",
  seed: 1,
  state: "judged",
  verdict,
  sentence: "",
  seconds: 20,
  replay: "npx tipcart run shopping-cart --seed 1",
  figures: { "get p50": 4 },
});

const fileOf = (nights: readonly SeriesNight[]): string => nights.map(seriesLine).join("");

/** Twenty nights, the last six of them slower by a fifth. */
const slower = Array.from({ length: 20 }, (_, index) =>
  nightOf(index, 4 * noise(index) * (index < 14 ? 1 : 1.2)),
);

describe("a series of nights", () => {
  it("tells a lasting change with its first night", () => {
    const [course] = figureCourses(parseSeries(fileOf(slower)));

    expect(course?.changes).toHaveLength(1);
    expect(course?.changes[0]).toMatchObject({ since: 14 * dayMs, nightCount: 6 });
    expect(course?.changes[0]?.ratio).toBeCloseTo(1.2, 1);
  });

  it("says nothing of equals, of one odd night, and of too few", () => {
    const equals = Array.from({ length: 20 }, (_, index) => nightOf(index, 4 * noise(index)));
    const odd = equals.map((night, index) => (index === 9 ? nightOf(index, 9) : night));
    const few = slower.slice(12, 16);

    for (const nights of [equals, odd, few])
      expect(figureCourses(parseSeries(fileOf(nights)))[0]?.changes).toEqual([]);
    expect(seriesText(parseSeries(fileOf(few)))).toContain("too few to tell");
  });

  it("alarms when a change is first told, however long after it began, and then no more", () => {
    // Nights that scatter so much that five of the new state are needed to tell it.
    const scattered = Array.from({ length: 24 }, (_, index) =>
      nightOf(index, 4 * noise(index) ** 4 * (index < 14 ? 1 : 1.25)),
    );
    const firstTold = scattered.findIndex(
      (_, index) => newlyWorse({ nights: scattered.slice(0, index), unreadable: [] }, 1).length > 0,
    );
    const alarmAfter = (nights: number): readonly string[] =>
      newlyWorse({ nights: scattered.slice(0, firstTold + nights), unreadable: [] }, 3);

    expect(firstTold).toBeGreaterThan(17);
    expect([0, 2].map(alarmAfter)).toEqual([["kill: get p50"], ["kill: get p50"]]);
    expect(alarmAfter(3)).toEqual([]);
    expect(newlyWorse({ nights: scattered, unreadable: [] }, 0)).toEqual([]);
  });

  it("is in the order of its nights, whatever the order of its lines", () => {
    const shuffled = parseSeries(fileOf([...slower.slice(9), ...slower.slice(0, 9)]));

    expect(shuffled).toEqual(parseSeries(fileOf(slower)));
  });

  it("skips a line that is torn or foreign, and says so", () => {
    const text = `${fileOf(slower.slice(0, 2))}{"schema":1,"na\n{"schema":9}\n`;

    expect(parseSeries(text).unreadable).toEqual([3, 4]);
    expect(seriesText(parseSeries(text))).toContain("2 lines could not be read, the first is line 3.");
  });

  it("takes no figures from a cell that cannot tell", () => {
    const cells = [cell("kill", "passed"), cell("pause", "inconclusive"), cell("join", "violated")];
    const record: NightlyRecord = {
      schema: 1,
      name: "night",
      planHash: "abc",
      startedWallMs: 5,
      seconds: 60,
      shard: { index: 1, count: 1 },
      cellIds: cells.map(({ id }) => id),
      cells,
    };

    expect(seriesNightOf(record)).toMatchObject({
      verdict: "violated",
      figures: { "kill: get p50": 4, "join: get p50": 4 },
    });
  });

  it("is a page with a drawing for each figure and no way out for a name", () => {
    const nights = [...slower, ...injectionCorpus.map((name, index) => nightOf(30 + index, 4, name))];
    const root = readMarkup(seriesPage(parseSeries(fileOf(nights))));

    expect(findAll(root, "figure")).toHaveLength(1 + new Set(injectionCorpus).size);
    expect(findAll(root, "script")).toEqual([]);
    expect(findAll(root, "h2").flatMap(({ children }) => children)).toEqual(["Changed for good", "Steady"]);
  });
});
