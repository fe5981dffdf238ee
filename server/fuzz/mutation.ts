/**
 * Inputs that are almost right: bytes of something well formed, damaged in one to four places. Random bytes alone
 * rarely come past the first check; these come past many.
 */
import type { RandomStream } from "../simulation/world.ts";

/** A damaged copy; now and then not a copy at all but random bytes. */
export function mutated(bytes: Uint8Array, random: RandomStream): Uint8Array {
  if (random.happens(0.05)) return random.bytes(random.integer(0, 2 * bytes.length));
  let result: Buffer = Buffer.from(bytes);
  for (let left = random.integer(1, 4); left > 0; left -= 1) result = damaged(result, random);
  return result;
}

/** The same for text: its UTF-8 is damaged, and read again as whatever it has become. */
export function mutatedText(text: string, random: RandomStream): string {
  return Buffer.from(mutated(Buffer.from(text), random)).toString("utf8");
}

/** `bytes` in pieces, as a network may deliver them. */
export function piecesOf(bytes: Uint8Array, random: RandomStream): readonly Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = random.happens(0.5) ? bytes.length : at + random.integer(1, bytes.length - at);
    pieces.push(bytes.subarray(at, end));
    at = end;
  }
  return pieces;
}

function damaged(bytes: Buffer, random: RandomStream): Buffer {
  const at = random.integer(0, bytes.length);
  const end = random.integer(at, Math.min(bytes.length, at + 16));
  const before = bytes.subarray(0, at);
  const after = bytes.subarray(end);
  switch (random.integer(0, 5)) {
    case 0:
      return Buffer.concat([before, after]);
    case 1:
      return Buffer.concat([before, random.bytes(random.integer(0, 8)), after]);
    case 2:
      return Buffer.concat([before, bytes.subarray(at, end), bytes.subarray(at, end), after]);
    case 3:
      return before;
    case 4:
      return Buffer.concat([before, Buffer.from(pick(interesting, random)), after]);
    default:
      return flipped(bytes, random);
  }
}

function flipped(bytes: Buffer, random: RandomStream): Buffer {
  const copy = Buffer.from(bytes);
  const at = random.integer(0, Math.max(0, bytes.length - 1));
  if (bytes.length > 0) copy[at] = (copy[at] ?? 0) ^ (1 << random.integer(0, 7));
  return copy;
}

/** Bytes on which decoders have stumbled: names of properties, bounds of lengths, ends of texts. */
const interesting: readonly (string | readonly number[])[] = [
  "__proto__",
  "constructor",
  "toString",
  '"',
  "{}[],:",
  "1e999",
  "-1",
  "\u0000",
  [0xff, 0xff, 0xff, 0xff],
  [0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
  [0xdf, 0xff, 0xff, 0xff, 0xff],
  [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01],
  [0xed, 0xa0, 0x80],
];

export function pick<T>(items: readonly T[], random: RandomStream): T {
  const item = items[random.integer(0, items.length - 1)];
  if (item === undefined) throw new Error("nothing to pick from");
  return item;
}
