/**
 * What a power cut takes away, decided from the undo journal that the disk shim keeps (`disk-shim/journal.c`): the
 * changes that no sync had covered, and which of them are lost. Pure; `undo-playback.ts` carries it out.
 *
 * A disk may have written any of what was not synced. So three cuts are told apart: `whole` loses all of it, `part`
 * loses any of the writes and keeps later ones, `torn` keeps what came first and half of the first write it loses.
 * Names are lost in their order whatever the cut, as a file system with a journal of its own does.
 *
 * A fourth one is never drawn, only asked for, because no store keeps what all its disks have damaged: `flipped` loses
 * all that was not synced and changes bits of what was, as disks do when their power goes (Zheng et al., Understanding
 * the robustness of SSDs under power fault, FAST 2013).
 */
import type { Stream } from "../../workloads/generator/stream.ts";

export type PowerLoss = "whole" | "part" | "torn" | "flipped";
/** What a cut is drawn from; and all that can be asked for. */
export const drawnLosses: readonly [PowerLoss, ...PowerLoss[]] = ["whole", "part", "torn"];
export const powerLosses: readonly [PowerLoss, ...PowerLoss[]] = [...drawnLosses, "flipped"];

/** Sizes and offsets in bytes; `seq` rises with each change. */
export type DataChange = {
  readonly type: "write" | "truncate";
  readonly seq: number;
  readonly ino: number;
  /** Where the write began; of a truncation the new size. */
  readonly offset: number;
  readonly length: number;
  readonly sizeBefore: number;
  /** What stood there before, as far as the file reached. */
  readonly saved: Uint8Array;
};

/** `saved`: the number of the kept file that lost its name by this, 0 for none. */
export type NameChange =
  | { readonly type: "create"; readonly seq: number; readonly path: string }
  | {
      readonly type: "rename";
      readonly seq: number;
      readonly path: string;
      readonly to: string;
      readonly saved: number;
    }
  | { readonly type: "unlink"; readonly seq: number; readonly path: string; readonly saved: number };

export type Change = DataChange | NameChange;

const headerBytes = 56;
const magic = 0x54495043;

type Mark =
  /** Every change of the file up to `seq`. */
  | { readonly type: "synced"; readonly ino: number; readonly seq: number }
  /** One write, through a descriptor that syncs each. */
  | { readonly type: "durable"; readonly ino: number; readonly seq: number };

/** Records in their order; a torn one at the end, and what follows it, is left out. */
function* recordsOf(journal: Uint8Array): Generator<Change | Mark> {
  const bytes = Buffer.from(journal.buffer, journal.byteOffset, journal.byteLength);
  for (let at = 0; at + headerBytes <= bytes.length; ) {
    const saved = bytes.readUInt32LE(at + 44);
    const pathBytes = bytes.readUInt32LE(at + 48);
    const otherBytes = bytes.readUInt32LE(at + 52);
    const savedAt = at + headerBytes;
    const pathAt = savedAt + saved;
    const end = pathAt + pathBytes + otherBytes;
    if (bytes.readUInt32LE(at) !== magic || end > bytes.length) return;
    const record = recordOf(bytes, at, {
      saved: bytes.subarray(savedAt, pathAt),
      path: bytes.toString("utf8", pathAt, pathAt + pathBytes),
      other: bytes.toString("utf8", pathAt + pathBytes, end),
    });
    if (record === undefined) return;
    yield record;
    at = end;
  }
}

function recordOf(
  bytes: Buffer,
  at: number,
  { saved, path, other }: { readonly saved: Uint8Array; readonly path: string; readonly other: string },
): Change | Mark | undefined {
  const number = (offset: number): number => Number(bytes.readBigUInt64LE(at + offset));
  const seq = number(8);
  const ino = number(16);
  const offset = number(24);
  const data = { seq, ino, offset, sizeBefore: number(32), length: bytes.readUInt32LE(at + 40), saved };
  switch (bytes.readUInt32LE(at + 4)) {
    case 1:
      return { type: "write", ...data };
    case 2:
      return { type: "truncate", ...data };
    case 3:
      return { type: "synced", ino, seq };
    case 4:
      return { type: "durable", ino, seq };
    case 5:
      return { type: "create", seq, path };
    case 6:
      return { type: "rename", seq, path, to: other, saved: offset };
    case 7:
      return { type: "unlink", seq, path, saved: offset };
    default:
      return undefined;
  }
}

export const isData = (change: Change): change is DataChange =>
  change.type === "write" || change.type === "truncate";

/** What no sync has covered, in order. A sync of any file makes the names before it safe. */
export function pendingChanges(journal: Uint8Array): readonly Change[] {
  const syncedUpTo = new Map<number, number>();
  const durable = new Set<number>();
  const changes: Change[] = [];
  let namesUpTo = 0;
  for (const record of recordsOf(journal)) {
    if (record.type === "synced") {
      syncedUpTo.set(record.ino, Math.max(record.seq, syncedUpTo.get(record.ino) ?? 0));
      namesUpTo = Math.max(namesUpTo, record.seq);
    } else if (record.type === "durable") durable.add(record.seq);
    else changes.push(record);
  }
  return changes.filter((change) =>
    isData(change)
      ? change.seq > (syncedUpTo.get(change.ino) ?? 0) && !durable.has(change.seq)
      : change.seq > namesUpTo,
  );
}

/** What a cut loses of `pending`, and what of it reached the disk; both in order. A torn write stands in both. */
export type Fate = { readonly lost: readonly Change[]; readonly kept: readonly Change[] };

export function fateOf(pending: readonly Change[], loss: PowerLoss, stream: Stream): Fate {
  if (loss === "whole" || loss === "flipped") return { lost: pending, kept: [] };
  const groups = new Map<number | "names", Change[]>();
  for (const change of pending) {
    const group = isData(change) ? change.ino : "names";
    groups.set(group, [...(groups.get(group) ?? []), change]);
  }
  const fates = [...groups.values()].map((group) =>
    loss === "part" && group.every(({ type }) => type === "write")
      ? anyLost(group, stream)
      : endLost(group, stream, loss === "torn"),
  );
  const inOrder = (changes: readonly Change[]): readonly Change[] =>
    changes.toSorted((a, b) => a.seq - b.seq);
  return {
    lost: inOrder(fates.flatMap(({ lost }) => lost)),
    kept: inOrder(fates.flatMap(({ kept }) => kept)),
  };
}

function anyLost(group: readonly Change[], stream: Stream): Fate {
  const lost: Change[] = [];
  const kept: Change[] = [];
  for (const change of group.toReversed()) {
    // What a later write that was kept covers cannot be told from having been kept.
    const isCovered = kept.some((later) => overlap(change, later));
    (stream.uniform() < 0.5 && !isCovered ? lost : kept).push(change);
  }
  return { lost, kept };
}

const overlap = (one: Change, other: Change): boolean =>
  isData(one) &&
  isData(other) &&
  one.offset < other.offset + other.length &&
  other.offset < one.offset + one.length;

function endLost(group: readonly Change[], stream: Stream, isTorn: boolean): Fate {
  const from = stream.integer(0, group.length);
  const kept = group.slice(0, from);
  const [first, ...others] = group.slice(from);
  if (first === undefined || !isTorn || first.type !== "write" || first.length < 2)
    return { lost: group.slice(from), kept };
  const [head, tail] = torn(first, stream.integer(1, first.length - 1));
  return { lost: [tail, ...others], kept: [...kept, head] };
}

/** One write as two: its first `bytes`, and the rest. */
function torn(write: DataChange, bytes: number): readonly [DataChange, DataChange] {
  const middle = write.offset + bytes;
  return [
    { ...write, length: bytes, saved: write.saved.subarray(0, bytes) },
    {
      ...write,
      offset: middle,
      length: write.length - bytes,
      sizeBefore: Math.max(write.sizeBefore, middle),
      saved: write.saved.subarray(bytes),
    },
  ];
}
