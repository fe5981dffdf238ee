/**
 * Words of the notation: how one line is cut up, and the small lists within it. A mistake throws a
 * `NotationMistake`; `parseNotation` turns it into a value with the number of the line.
 */
import type { Acknowledged, CartLine, Micros, Observed, WriteId } from "./event.ts";

export class NotationMistake extends Error {}

/** Words are parted by spaces. What stands in brackets is one word. */
export const wordsOf = (line: string): string[] => line.match(/\[[^\]]*\]|\S+/g) ?? [];

/** "a,b" -> a and b; "" and "-" are no items. */
export const listOf = (word: string): string[] =>
  word === "" || word === "-" ? [] : word.split(",").map((part) => part.trim());

/** "[1.1,2.1]" -> the writes; a word without brackets is none. */
export const parentsOf = (word: string | undefined): WriteId[] => {
  if (word === undefined || !word.startsWith("["))
    throw new NotationMistake("expected parents such as [1.1]");
  return listOf(word.slice(1, -1).trim());
};

/** Milliseconds, such as "1.5", to microseconds. */
export const microsOf = (word: string): Micros => {
  const milliseconds = Number(word);
  if (word === "" || !Number.isFinite(milliseconds)) throw new NotationMistake(`"${word}" is no time in ms`);
  return Math.round(milliseconds * 1000);
};

/** "5..7" -> both ends; "5.." has no end. */
export const spanOf = (word: string): { readonly from: Micros; readonly until: Micros | undefined } => {
  const ends = /^(.+?)\.\.(.*)$/.exec(word);
  if (ends?.[1] === undefined) throw new NotationMistake(`"${word}" is no span of time such as 5..7`);
  return { from: microsOf(ends[1]), until: ends[2] ? microsOf(ends[2]) : undefined };
};

export const digestOf = (write: WriteId): string => `digest-of-${write}`;

/** "1.1" as written, "1.1!" with other bytes, "?" bytes that name no write. "none" is nothing. */
export const observedOf = (words: readonly string[]): Observed[] =>
  words
    .filter((word) => word !== "none" && !word.startsWith("deleted:"))
    .map((word) => {
      if (word === "?") return { write: null, digest: "digest-of-garbage" };
      if (word.endsWith("!")) return { write: word.slice(0, -1), digest: "digest-of-garbage" };
      return { write: word, digest: digestOf(word) };
    });

/** "deleted:1.3" is a tombstone. */
export const tombstonesOf = (words: readonly string[]): WriteId[] =>
  words.filter((word) => word.startsWith("deleted:")).map((word) => word.slice("deleted:".length));

/** "n1", "n4+hint" for a fallback, "n1+buffered" for one that has not synced. */
export const acknowledgedOf = (words: readonly string[]): Acknowledged[] =>
  words.map((word) => {
    const [node = "", ...marks] = word.split("+");
    return {
      node,
      role: marks.includes("hint") ? "fallback" : "home",
      durability: marks.includes("buffered") ? "buffered" : "synced",
    };
  });

/** "+apple" or "+apple*3". */
export const cartLineOf = (word: string): CartLine => {
  const [item = "", quantity = "1"] = word.slice(1).split("*");
  return { item, quantity: Number(quantity) };
};

/** "name=value" words of a line, the bare words apart. */
export const settingsOf = (
  words: readonly string[],
): { readonly settings: ReadonlyMap<string, string>; readonly bare: readonly string[] } => {
  const settings = new Map<string, string>();
  const bare: string[] = [];
  for (const word of words) {
    const equals = word.indexOf("=");
    if (equals > 0) settings.set(word.slice(0, equals), word.slice(equals + 1));
    else bare.push(word);
  }
  return { settings, bare };
};
