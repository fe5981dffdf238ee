/** The marks of charts: bands, lines with gaps, bars, heat, lanes. */
import { describe, expect, it } from "vitest";
import { findAll, readMarkup, textOf } from "../../fixture/page-reader.ts";
import { type Band, bandAreas, bandLabels } from "./band.ts";
import { bars } from "./bars.ts";
import { chartFrame, firstThatFits, fitText, textWidth } from "./drawing.ts";
import { heatLevel, heatLevels, heatMap } from "./heat-map.ts";
import { lines } from "./line-chart.ts";
import { linearScale } from "./scale.ts";
import { timeline } from "./timeline.ts";

const frame = chartFrame("narrow", { height: 100, top: 20, bottom: 20 });
const time = linearScale({ domain: [0, 100], range: [frame.left, frame.right], tickCount: 5, label: String });
const up = linearScale({ domain: [0, 10], range: [frame.bottom, frame.top], tickCount: 5, label: String });

const band = (from: number, until: number, number: string): Band => ({
  kind: "fault",
  from,
  until,
  labels: [`${number} partition n1 n3`, `${number} partition`, number],
  explanation: `fault ${number}`,
});

describe("bands", () => {
  it("cover the interval and explain themselves", () => {
    const [rect] = findAll(readMarkup(bandAreas(frame, time, [band(50, 60, "1")]).toString()), "rect");

    expect(Number(rect?.attributes["x"])).toBeCloseTo(time.at(50), 1);
    expect(Number(rect?.attributes["width"])).toBeCloseTo(time.at(60) - time.at(50), 1);
    expect(textOf(rect ?? "")).toBe("fault 1");
  });

  it("are named as fully as the room allows, and names never touch", () => {
    const names = bandLabels(frame, time, [band(60, 65, "3"), band(10, 15, "1"), band(12, 17, "2")]);
    const shown = findAll(readMarkup(names.toString()), "text");
    const ends = shown.map((text) => Number(text.attributes["x"]) + textWidth(textOf(text), 11));

    expect(shown.map(textOf)).toEqual(["2 partition n1 n3", "3 partition n1 n3"]);
    expect(ends[0]).toBeLessThan(Number(shown[1]?.attributes["x"]));
    expect(Math.max(...ends)).toBeLessThanOrEqual(frame.width);
  });
});

describe("a line", () => {
  it("breaks where nothing is known, and is a dot where a point stands alone", () => {
    const points = [1, 2, null, 4, null, 6, 7].map((y, x) => ({ x, y }));
    const root = readMarkup(lines(time, up, [{ style: "p99", points }]).toString());

    expect(findAll(root, "path", "line")[0]?.attributes["d"]?.match(/M/g)).toHaveLength(2);
    expect(findAll(root, "path", "dot")[0]?.attributes["d"]?.match(/M/g)).toHaveLength(1);
  });

  it("of nothing is nothing", () => {
    const root = readMarkup(lines(time, up, [{ style: "p99", points: [{ x: 1, y: null }] }]).toString());

    expect(findAll(root, "path")).toEqual([]);
  });
});

describe("bars", () => {
  it("stand upon each other and leave out what is none", () => {
    const parts = [
      { style: "slow", value: 2 },
      { style: "fail", value: 0 },
      { style: "info", value: 3 },
    ];
    const rects = findAll(readMarkup(bars(time, up, [{ from: 0, until: 10, parts }]).toString()), "rect");
    const [low, high] = rects.map((rect) => ({
      top: Number(rect.attributes["y"]),
      bottom: Number(rect.attributes["y"]) + Number(rect.attributes["height"]),
    }));

    expect(rects.map((rect) => rect.attributes["class"])).toEqual(["bar slow", "bar info"]);
    expect(low?.bottom).toBeCloseTo(frame.bottom, 1);
    expect(high?.bottom).toBeCloseTo(low?.top ?? 0, 1);
  });
});

describe("heat", () => {
  it("runs from one request to the fullest cell", () => {
    expect([1, 10, 999, 1_000].map((value) => heatLevel(value, 1_000))).toEqual([
      1,
      3,
      heatLevels,
      heatLevels,
    ]);
    expect(heatLevel(1, 1)).toBe(heatLevels);
  });

  it("draws one path a colour, with one cell a count", () => {
    const columns = [
      { from: 0, until: 10, counts: [1, 0, 9] },
      { from: 10, until: 20, counts: [0, 1, 1] },
    ];
    const root = readMarkup(heatMap(time, up, { rowEdges: [0, 1, 2, 3], columns }).toString());
    const cells = findAll(root, "path").map((path) => path.attributes["d"]?.split("M").length);

    expect(findAll(root, "path").map((path) => path.attributes["class"])).toEqual([
      "heat h1",
      `heat h${heatLevels}`,
    ]);
    expect(cells).toEqual([4, 2]);
  });
});

describe("labels", () => {
  it("are cut to their width, or left out", () => {
    expect(fitText("abcdefghij", 10, 1_000)).toBe("abcdefghij");
    expect(fitText("abcdefghij", 10, 40)).toBe("abcde…");
    expect(fitText("abcdefghij", 10, 12)).toBe("");
    expect(firstThatFits(["too long for this", "short"], 10, 40)).toBe("short");
  });
});

describe("the timeline", () => {
  it("puts each fault on the lanes of its nodes, hollow when it was never proved", () => {
    const fault = { number: "1", name: "kill", style: "kill", from: 10, until: 90, explanation: "" };
    const faults = [
      { ...fault, nodes: ["a", "c"], isProved: true },
      { ...fault, nodes: ["b", "nobody"], isProved: false },
    ];
    const root = readMarkup(timeline(frame, time, { nodes: ["a", "b", "c"], phases: [], faults }).toString());

    expect(findAll(root, "g", "kill")).toHaveLength(2);
    expect(findAll(root, "g", "unproved")).toHaveLength(1);
    expect(findAll(root, "text", "lane-name").map(textOf)).toEqual(["a", "b", "c"]);
  });
});
