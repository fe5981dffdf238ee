import { describe, expect, it } from "vitest";
import { ByteReader } from "./byte-reader.ts";
import { ByteWriter } from "./byte-writer.ts";

const written = (write: (writer: ByteWriter) => void): Uint8Array => {
  const writer = new ByteWriter(4);
  write(writer);
  return writer.finish();
};

describe("bytes written and read", () => {
  it.each([0, 1, 127, 128, 16_383, 16_384, 2 ** 32, Number.MAX_SAFE_INTEGER])(
    "keep the number %d",
    (value) => {
      const reader = new ByteReader(written((writer) => writer.varint(value)));

      expect(reader.varint()).toBe(value);
      expect(reader.isDone).toBe(true);
    },
  );

  it.each(["", "short", "é€😀", "\0", "x".repeat(48), "x".repeat(49), "é".repeat(40)])(
    "keep the text %j",
    (text) => {
      const reader = new ByteReader(written((writer) => writer.text(text)));

      expect(reader.text()).toBe(text);
      expect(reader.isDone).toBe(true);
    },
  );

  it("keep bytes, doubles and their order, whatever the buffer's first size", () => {
    const bytes = written((writer) => {
      writer.double(-0.5);
      writer.bytes(Uint8Array.of(0, 255));
      writer.byte(7);
      writer.raw(Uint8Array.of(9));
    });

    const reader = new ByteReader(bytes);

    expect([reader.double(), reader.bytes(), reader.byte(), reader.raw(1)]).toEqual([
      -0.5,
      Uint8Array.of(0, 255),
      7,
      Uint8Array.of(9),
    ]);
    expect(reader.isDone).toBe(true);
  });
});

const isRefused = (...bytes: number[]) => {
  const reader = new ByteReader(Uint8Array.from(bytes));
  reader.varint();
  return reader.hasFailed;
};

describe("a byte reader", () => {
  it("stays failed after the first impossible read, and returns empty values", () => {
    const reader = new ByteReader(Uint8Array.of(5, 1));

    expect(reader.bytes()).toEqual(new Uint8Array(0));
    expect([reader.hasFailed, reader.varint(), reader.text(), reader.double()]).toEqual([true, 0, "", 0]);
    expect(reader.isDone).toBe(false);
  });

  it("refuses numbers in a longer form than needed, and numbers too large", () => {
    expect(isRefused(0x80, 0x00)).toBe(true);
    expect(isRefused(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f)).toBe(true);
    expect(isRefused(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01)).toBe(true);
    expect(isRefused(0x81, 0x01)).toBe(false);
  });

  it("refuses a count that the bytes left cannot hold", () => {
    const reader = new ByteReader(Uint8Array.of(3, 1, 2, 3, 4, 5));

    expect(reader.count(2)).toBe(0);
    expect(reader.hasFailed).toBe(true);
  });
});
