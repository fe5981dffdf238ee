import { describe, expect, test } from "vitest";
import { parseNotation } from "./notation.ts";

const eventsIn = (text: string) => {
  const notated = parseNotation(text);
  return notated.type === "ok" ? notated.events : notated.error;
};

describe("the notation", () => {
  test("makes one event a line, and two of a request that ended", () => {
    expect(
      eventsIn("run strict w=3\nphase calm steady 0..5\np1/phone put a 1.1 [] -> ok n1+buffered\np2 get a"),
    ).toMatchObject([
      { type: "run", promises: { sloppy: false, w: 3, n: 3 }, phases: [{ name: "calm", until: 5000 }] },
      {
        type: "invoke",
        id: 1,
        process: 1,
        session: "phone",
        at: 1000,
        written: { write: "1.1", parents: [] },
      },
      { type: "ok", id: 1, at: 1500, acknowledged: [{ node: "n1", durability: "buffered" }] },
      { type: "invoke", id: 2, process: 2, session: "s2", kind: "get" },
    ]);
  });

  test("orders events by time and numbers requests in that order", () => {
    expect(eventsIn("p1 get a @5/6..9 -> none\np2 get a @1..7 -> none")).toMatchObject([
      { type: "run" },
      { type: "invoke", id: 1, process: 2 },
      { type: "invoke", id: 2, process: 1, intended: 5000, at: 6000 },
      { type: "ok", id: 1 },
      { type: "ok", id: 2 },
    ]);
  });

  test("fills carts as the codec would", () => {
    const events = eventsIn("p1 put a 1.1 [] +apple*2 -> ok\np1 put a 1.2 [1.1] -apple +pear -> ok");

    expect(events[3]).toMatchObject({
      written: {
        effect: {
          action: "set-quantity",
          adds: [{ item: "pear", quantity: 1, tag: "1.2/pear" }],
          removes: [{ item: "apple", observed: ["1.1/apple"] }],
        },
        contents: { codec: "tagged", live: [{ item: "pear" }], removed: ["1.1/apple"] },
      },
    });
  });

  test("tells siblings, tombstones, damaged bytes and garbage apart", () => {
    expect(eventsIn("p1 get a -> 1.1,2.1!,?,deleted:3.1")[2]).toMatchObject({
      observed: [
        { write: "1.1", digest: "digest-of-1.1" },
        { write: "2.1", digest: "digest-of-garbage" },
        { write: null, digest: "digest-of-garbage" },
      ],
      tombstones: ["3.1"],
    });
  });

  test("repeats a line, with its number in place of the percent sign", () => {
    expect(eventsIn("3x/10 p1 put k% 1.% [] @5..6 -> ok")).toMatchObject([
      { type: "run" },
      { at: 5000, key: "k1" },
      { at: 6000 },
      { at: 15_000, written: { write: "1.2" } },
      { at: 16_000 },
      { at: 25_000, key: "k3" },
      { at: 26_000 },
    ]);
  });

  test.each([
    ["p1 gett a", 'Line 1: "p1 gett" begins no line.'],
    ["\np1 put a 1.1 -> ok", "Line 2: expected parents such as [1.1]."],
    ["p1 put a 1.1 [] -> fine", 'Line 1: "fine" is no end of a write: ok, fail or info.'],
    ["p1 get a @x..2 -> none", 'Line 1: "x" is no time in ms.'],
    ["fault f1 kill n1 started 5", 'Line 1: "started" is no stage of a fault.'],
    ["run loose", 'Line 1: "loose" says nothing of a run.'],
  ])("says of %j what is wrong and where", (text, sentence) => {
    expect(eventsIn(text)).toBe(sentence);
  });
});
