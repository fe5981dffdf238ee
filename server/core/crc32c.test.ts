import { describe, expect, it } from "vitest";
import { crc32c } from "./crc32c.ts";

describe("crc32c", () => {
  // RFC 3720, appendix B.4, and the check value of the polynomial.
  it.each<[string, Uint8Array, number]>([
    ["no bytes", new Uint8Array(0), 0],
    ["123456789", Buffer.from("123456789"), 0xe3069283],
    ["32 zeros", new Uint8Array(32), 0x8a9136aa],
    ["32 times 255", new Uint8Array(32).fill(255), 0x62a8ab43],
    ["0 to 31", Uint8Array.from({ length: 32 }, (_, index) => index), 0x46dd794e],
  ])("is the published one of %s", (_, bytes, checksum) => {
    expect(crc32c(bytes)).toBe(checksum);
  });

  it("is the same in pieces of any length", () => {
    const bytes = Uint8Array.from({ length: 100 }, (_, index) => (index * 7) % 256);

    for (let cut = 0; cut <= bytes.length; cut++) {
      expect(crc32c(bytes.subarray(cut), crc32c(bytes.subarray(0, cut)))).toBe(crc32c(bytes));
    }
  });

  it("sees every single bit that flips", () => {
    const bytes = Buffer.from("a record");
    const whole = crc32c(bytes);

    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const damaged = Buffer.from(bytes);
      damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(crc32c(damaged)).not.toBe(whole);
    }
  });
});
