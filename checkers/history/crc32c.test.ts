import { expect, test } from "vitest";
import { crc32c } from "./crc32c.ts";

test("CRC32C gives the check value of its catalogue entry for the digits 1 to 9", () => {
  const digits = new TextEncoder().encode("123456789");

  const checksum = crc32c(digits);

  expect(checksum).toBe(0xe3069283);
});

test("CRC32C gives the value of RFC 3720 for 32 zero bytes", () => {
  const checksum = crc32c(new Uint8Array(32));

  expect(checksum).toBe(0x8a9136aa);
});
