import { describe, expect, test } from "vitest";
import type { HistoryEvent } from "./event.ts";
import { encodeEvent, frameHeaderBytes, type JournalItem, JournalReader, readJournal } from "./journal.ts";

const end = (at: number): HistoryEvent => ({ type: "end", at, reason: "completed" });

const joined = (...parts: readonly Uint8Array[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => [...part]));

const itemsOf = (bytes: Uint8Array): JournalItem[] => {
  const reader = new JournalReader();
  return [...reader.push(bytes), ...reader.end()];
};

describe("a journal", () => {
  test("gives back the events that were put in, with their places", () => {
    const first = encodeEvent(end(1));

    const items = itemsOf(joined(first, encodeEvent(end(2))));

    expect(items).toEqual([
      { type: "event", event: end(1), position: 0 },
      { type: "event", event: end(2), position: first.length },
    ]);
  });

  test("reads the same whatever the pieces it comes in", async () => {
    const whole = joined(encodeEvent(end(1)), encodeEvent(end(2)), encodeEvent(end(3)));
    const bytewise = [...whole].map((byte) => Uint8Array.of(byte));

    const items: JournalItem[] = [];
    for await (const batch of readJournal(bytewise)) items.push(...batch);

    expect(items).toEqual(itemsOf(whole));
  });

  test("keeps times beyond 32 bits and every shape of event exact", () => {
    const event: HistoryEvent = {
      type: "invoke",
      id: 7,
      process: 3,
      session: "__proto__",
      operation: "3.1",
      kind: "put",
      key: "cart/ä\u0000",
      intended: 2 ** 40 + 1,
      at: 2 ** 40 + 2,
      written: { write: "3.1", parents: [], digest: "aa", bytes: 10 },
      entry: "n1",
    };

    const items = itemsOf(encodeEvent(event));

    expect(items).toEqual([{ type: "event", event, position: 0 }]);
  });

  test("reports a torn tail, at every length that a crash can leave", () => {
    const first = encodeEvent(end(1));
    const second = encodeEvent(end(2));

    for (let left = 1; left < second.length; left++) {
      const items = itemsOf(joined(first, second.subarray(0, left)));

      expect(items.slice(1)).toEqual([{ type: "torn", position: first.length, bytes: left }]);
    }
  });

  test("reports a flipped bit anywhere in the middle with its place, and reads on behind it", () => {
    const frames = [encodeEvent(end(1)), encodeEvent(end(2)), encodeEvent(end(3))] as const;
    const start = frames[0].length;

    for (let bit = 0; bit < frames[1].length * 8; bit++) {
      const bytes = joined(...frames);
      const place = start + (bit >> 3);
      bytes[place] = (bytes[place] ?? 0) ^ (1 << (bit & 7));

      const items = itemsOf(bytes);

      expect(items).toEqual([
        { type: "event", event: end(1), position: 0 },
        { type: "damaged", position: start, bytes: frames[1].length, reason: "checksum" },
        { type: "event", event: end(3), position: start + frames[1].length },
      ]);
    }
  });

  test("reads what another process appended behind a torn frame", () => {
    const torn = encodeEvent(end(2)).subarray(0, frameHeaderBytes + 3);

    const items = itemsOf(joined(encodeEvent(end(1)), torn, encodeEvent(end(3))));

    expect(items.map(({ type }) => type)).toEqual(["event", "damaged", "event"]);
    expect(items[1]).toMatchObject({ bytes: torn.length });
  });

  test("does not take a sound record for an event when it is none of ours", () => {
    const stranger = { type: "end", at: "soon", reason: "completed" } as unknown as HistoryEvent;

    const items = itemsOf(encodeEvent(stranger));

    expect(items).toMatchObject([{ type: "damaged", position: 0, reason: "no-event" }]);
  });

  test("finds nothing in nothing", () => {
    expect(itemsOf(new Uint8Array(0))).toEqual([]);
  });

  test("holds no more than one frame of a long journal", async () => {
    const frame = encodeEvent(end(1));
    let count = 0;
    function* chunks(): Generator<Uint8Array> {
      for (let index = 0; index < 20_000; index++) yield frame;
    }

    for await (const items of readJournal(chunks())) count += items.length;

    expect(count).toBe(20_000);
  });
});
