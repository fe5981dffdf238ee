/**
 * Reads a log of LevelDB for damage that the engine itself passes over.
 *
 *     block of 32 KiB: [ masked crc32c : 4 ][ length : 2 ][ type : 1 ][ length bytes ] ... [ fewer than 7 zeros ]
 *     type: 1 a whole batch, 2 its first part, 3 a middle one, 4 its last · a batch: [ sequence : 8 ][ count : 4 ] ...
 *
 * When LevelDB replays a log it drops a record whose checksum is wrong, and the rest of its block, and goes on: the
 * store opens as if nothing had been there. Here that is told apart from the one thing that is to be expected, a log
 * whose last append was cut off when the process or the power went. Each batch begins with the number after its
 * predecessor's last one, so that a piece missing from the middle shows too. A log that was cut short between two
 * appends looks whole; that one only its remembered size betrays (`file-sizes.ts`).
 */
import { crc32c } from "../core/crc32c.ts";

const blockBytes = 32_768;
const headerBytes = 7;

type Fragment = { readonly type: number; readonly start: number; readonly end: number };

/** Where the damage begins, as a sentence; undefined of a log that is whole or merely ends too early. */
export function damageOfLog(log: Uint8Array): string | undefined {
  const view = new DataView(log.buffer, log.byteOffset, log.byteLength);
  let at = 0;
  let isWithinBatch = false;
  let nextSequence: bigint | undefined;
  while (at + headerBytes <= log.length) {
    if (blockEnd(at) - at < headerBytes) {
      at = blockEnd(at);
      continue;
    }
    const fragment = fragmentAt(view, at);
    if (fragment === undefined) return isTornAt(view, at) ? undefined : damagedAt(at);
    const isBeginning = fragment.type <= 2;
    if (isBeginning === isWithinBatch) return damagedAt(at);
    isWithinBatch = fragment.type === 2 || fragment.type === 3;
    if (isBeginning) {
      const numbers = sequencesOf(view, fragment);
      if (nextSequence !== undefined && numbers !== undefined && numbers.first !== nextSequence)
        return damagedAt(at);
      nextSequence = numbers?.next;
    }
    at = fragment.end;
  }
  return undefined;
}

/** A fragment that lies whole in its block and in the file, with the right checksum. */
function fragmentAt(view: DataView, at: number): Fragment | undefined {
  if (at + headerBytes > Math.min(blockEnd(at), view.byteLength)) return undefined;
  const length = view.getUint16(at + 4, true);
  const type = view.getUint8(at + 6);
  const start = at + headerBytes;
  const end = start + length;
  if (type < 1 || type > 4 || end > Math.min(blockEnd(at), view.byteLength)) return undefined;
  // The sum covers the type as well, and is stored in a masked form.
  const sum = crc32c(new Uint8Array(view.buffer, view.byteOffset + at + 6, 1 + length));
  const masked = (((sum >>> 15) | (sum << 17)) + 0xa282ead8) >>> 0;
  return masked === view.getUint32(at, true) ? { type, start, end } : undefined;
}

/** Whether what cannot be read here is an append that was cut off: it reaches the end, and nothing follows it. */
function isTornAt(view: DataView, at: number): boolean {
  const isEmpty = view.getUint16(at + 4, true) === 0 && view.getUint8(at + 6) === 0;
  const claimedEnd = at + headerBytes + view.getUint16(at + 4, true);
  if (!isEmpty && claimedEnd <= view.byteLength) return false;
  for (let other = at + 1; other < Math.min(blockEnd(at), view.byteLength); other += 1) {
    if (fragmentAt(view, other) !== undefined) return false;
  }
  for (let block = blockEnd(at); block < view.byteLength; block += blockBytes) {
    if (fragmentAt(view, block) !== undefined) return false;
  }
  return true;
}

/** Undefined of a first part too short to hold them. */
function sequencesOf(view: DataView, { start, end }: Fragment): { first: bigint; next: bigint } | undefined {
  if (end - start < 12) return undefined;
  const first = view.getBigUint64(start, true);
  return { first, next: first + BigInt(view.getUint32(start + 8, true)) };
}

function blockEnd(at: number): number {
  return (Math.floor(at / blockBytes) + 1) * blockBytes;
}

function damagedAt(at: number): string {
  return `its log is damaged at byte ${at}`;
}
