import { describe, expect, it } from "vitest";
import { findAll, readMarkup, textOf } from "../fixture/page-reader.ts";
import type { RequestFigures } from "./figures.ts";
import { diagramRequests, messageDiagram } from "./message-diagram.ts";
import { textWidth } from "./plot/drawing.ts";
import { messageDrawing } from "./plot/message-drawing.ts";

const request = (id: number, at: number, more: Partial<RequestFigures> = {}): RequestFigures => ({
  id,
  kind: "get",
  process: id,
  session: `s${id}/phone`,
  key: "cart/a",
  at,
  until: at + 4_000,
  via: ["n1"],
  attempts: [{ node: "n1", from: at, until: at + 4_000, outcome: "ok" }],
  outcome: "ok",
  parents: [],
  isFinal: false,
  observed: [],
  tombstones: [],
  acknowledged: [],
  ...more,
});

const nodes = ["n1", "n2", "n3", "n4"];

describe("a message diagram", () => {
  it("has a lane for each device and each node that took part, and moments in the order of time", () => {
    const diagram = messageDiagram([request(2, 9_000, { observed: ["1.1"] }), request(1, 2_000)], nodes);

    expect(diagram.lanes.map(({ name }) => name)).toEqual(["s1/phone", "s2/phone", "n1"]);
    expect(diagram.moments.map(({ text }) => text)).toEqual([
      "#1 get",
      "#1 returned nothing",
      "#2 get",
      "#2 returned 1.1",
    ]);
    expect(diagram.arrows.map(({ from, to, moment, style }) => [from, to, moment, style])).toEqual([
      [0, 2, 0, "asked"],
      [2, 0, 1, "answered"],
      [1, 2, 2, "asked"],
      [2, 1, 3, "answered"],
    ]);
  });

  it("tells a node that kept silent from the one that was asked instead", () => {
    const put = request(1, 0, {
      kind: "put",
      write: "1.1",
      until: 130_000,
      attempts: [
        { node: "n1", from: 0, until: 120_000, outcome: "unknown" },
        { node: "n3", from: 120_000, until: 130_000, outcome: "ok" },
      ],
      acknowledged: [
        { node: "n3", role: "home", durability: "synced" },
        { node: "n4", role: "fallback", durability: "synced" },
      ],
    });

    const { lanes, arrows, moments } = messageDiagram([put], nodes);
    const told = arrows.map(({ from, to, style }) => `${lanes[from]?.name} ${style} ${lanes[to]?.name}`);

    expect(told).toEqual(["s1/phone silent n1", "s1/phone asked n3", "n3 answered s1/phone", "n3 copied n4"]);
    expect(moments[1]?.text).toBe("#1 asks another node");
    expect(arrows[3]?.explanation).toContain("as a fallback, some time before the answer");
  });

  it("has copies come from the coordinator, where the node that was asked is another", () => {
    const put = request(1, 0, {
      kind: "put",
      write: "1.1",
      coordinator: "n2",
      acknowledged: [
        { node: "n2", role: "home", durability: "synced" },
        { node: "n4", role: "home", durability: "synced" },
      ],
    });

    const { lanes, arrows } = messageDiagram([put], nodes);
    const told = arrows.map(({ from, to, style }) => `${lanes[from]?.name} ${style} ${lanes[to]?.name}`);

    expect(told.slice(2)).toEqual(["n1 copied n2", "n2 copied n4"]);
  });

  it("shows the messages between nodes whose time an event log tells, of the keys and times concerned", () => {
    const message = { from: "n1", to: "n2", key: "cart/a", at: 2_000, name: "replica-sent" };
    const { lanes, arrows } = messageDiagram([request(1, 0)], nodes, [
      message,
      { ...message, key: "cart/b" },
      { ...message, at: 9_000 },
    ]);
    const between = arrows.filter(({ style }) => style === "between");

    expect(lanes.map(({ name }) => name)).toEqual(["s1/phone", "n1", "n2"]);
    expect(between.map(({ moment, offset }) => [moment, offset])).toEqual([[0, 0.5]]);
  });

  it("waits to its end for a request that never completed, and holds no more than can be followed", () => {
    const open = request(1, 0, { until: null, outcome: "info", attempts: [] });
    const many = Array.from({ length: 40 }, (_, index) => request(index + 1, index * 1_000));

    expect(messageDiagram([open], nodes).waits).toMatchObject([{ until: null, outcome: "info" }]);
    expect(messageDiagram(many, nodes).waits).toHaveLength(diagramRequests);
  });

  it("is drawn with every moment in words, for those who cannot see it", () => {
    const drawn = messageDrawing("m", "Messages", messageDiagram([request(1, 2_000)], nodes), "wide");

    expect(textOf(readMarkup(drawn.toString()))).toContain("0.002 s: #1 get. 0.006 s: #1 returned nothing");
  });

  it.each(["wide", "narrow"] as const)("keeps the names of many lanes whole and apart, %s", (breadth) => {
    const sessions = [10, 6, 0, 39, 35, 22, 17].map((shopper) => `shopper-${shopper} phone`);
    const requests = sessions.map((session, index) => request(index + 1, index * 9_000, { session }));
    const page = readMarkup(
      messageDrawing("m", "Messages", messageDiagram(requests, nodes), breadth).toString(),
    );
    const names = findAll(page, "text", "process-name").map((one) => ({
      text: textOf(one),
      x: Number(one.attributes["x"]),
      row: one.attributes["y"],
    }));

    expect(names.map(({ text }) => text)).toEqual([...sessions, "n1"]);
    for (const [index, one] of names.entries())
      for (const other of names.slice(index + 1).filter(({ row }) => row === one.row))
        expect(other.x - one.x).toBeGreaterThanOrEqual(
          (textWidth(one.text, 12) + textWidth(other.text, 12)) / 2,
        );
  });
});
