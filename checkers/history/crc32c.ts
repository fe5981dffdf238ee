/**
 * CRC32C (Castagnoli), the checksum of iSCSI, ext4 and most log formats: it finds every burst of up to 32 flipped
 * bits, which is what a torn or rotten sector looks like. Node's zlib has the other polynomial only.
 */

const polynomial = 0x82f63b78;

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) remainder = (remainder >>> 1) ^ (remainder & 1 ? polynomial : 0);
  return remainder;
});

/** Unsigned 32 bits. `start` and `end` are byte positions, `end` exclusive. */
export const crc32c = (bytes: Uint8Array, start = 0, end = bytes.length): number => {
  let remainder = 0xffffffff;
  for (let index = start; index < end; index++) {
    remainder = (remainder >>> 8) ^ (table[(remainder ^ (bytes[index] ?? 0)) & 0xff] ?? 0);
  }
  return (remainder ^ 0xffffffff) >>> 0;
};
