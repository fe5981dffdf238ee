/**
 * CRC-32C (Castagnoli, reflected polynomial 0x82F63B78), as in iSCSI and most storage engines.
 *
 * It tells a damaged record or frame from a whole one: every burst of up to 32 bits is seen, of anything else
 * one in 2^32 is missed. Eight tables let one step take eight bytes ("slicing by eight").
 */
const polynomial = 0x82f63b78;

/** `tables[256 * k + b]`: what the byte b contributes when k bytes follow it within a step. */
const tables = makeTables();

/** The checksum of `bytes`, 0 to 2^32 - 1. An earlier result as `seed` goes on where that one ended. */
export function crc32c(bytes: Uint8Array, seed = 0): number {
  let crc = ~seed;
  let at = 0;
  for (const end = bytes.length - 7; at < end; at += 8) {
    crc ^=
      byteAt(bytes, at) |
      (byteAt(bytes, at + 1) << 8) |
      (byteAt(bytes, at + 2) << 16) |
      (byteAt(bytes, at + 3) << 24);
    crc =
      tableAt(1792 + (crc & 0xff)) ^
      tableAt(1536 + ((crc >>> 8) & 0xff)) ^
      tableAt(1280 + ((crc >>> 16) & 0xff)) ^
      tableAt(1024 + (crc >>> 24)) ^
      tableAt(768 + byteAt(bytes, at + 4)) ^
      tableAt(512 + byteAt(bytes, at + 5)) ^
      tableAt(256 + byteAt(bytes, at + 6)) ^
      tableAt(byteAt(bytes, at + 7));
  }
  for (; at < bytes.length; at++) crc = tableAt((crc ^ byteAt(bytes, at)) & 0xff) ^ (crc >>> 8);
  return ~crc >>> 0;
}

function makeTables(): Int32Array {
  const made = new Int32Array(8 * 256);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? polynomial : 0);
    made[byte] = crc;
  }
  for (let index = 256; index < made.length; index++) {
    const shorter = made[index - 256] ?? 0;
    made[index] = (made[shorter & 0xff] ?? 0) ^ (shorter >>> 8);
  }
  return made;
}

function tableAt(index: number): number {
  return tables[index] ?? 0;
}

function byteAt(bytes: Uint8Array, index: number): number {
  return bytes[index] ?? 0;
}
