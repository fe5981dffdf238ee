/**
 * How long a fault was felt after it was undone: until the first of three good seconds in a row. A second is good when
 * no more of its requests are bad than the run's objective allows.
 */
import type { Micros } from "../history/event.ts";
import type { Block } from "../latency/block-bootstrap.ts";

export const goodSeconds = 3;

const second = 1e6;

export type Recovery =
  | { readonly type: "recovered"; readonly afterMs: number }
  /** Not while it was watched: in `watchedMs` after the heal no three good seconds followed each other. */
  | { readonly type: "unrecovered"; readonly watchedMs: number };

/** `blocks`: the seconds from the beginning of the fault's window to the end of its recovery, `from` their start. */
export const recoveryOf = ({
  blocks,
  from,
  healedAt,
  allowed,
}: {
  readonly blocks: readonly Block[];
  readonly from: Micros;
  readonly healedAt: Micros;
  readonly allowed: number;
}): Recovery => {
  const healed = Math.max(0, Math.ceil((healedAt - from) / second));
  const isGood = ({ bad, count }: Block): boolean => bad <= allowed * count;
  for (let at = healed; at + goodSeconds <= blocks.length; at++) {
    if (blocks.slice(at, at + goodSeconds).every(isGood))
      return { type: "recovered", afterMs: Math.max(0, from + at * second - healedAt) / 1000 };
  }
  return { type: "unrecovered", watchedMs: Math.max(0, from + blocks.length * second - healedAt) / 1000 };
};
