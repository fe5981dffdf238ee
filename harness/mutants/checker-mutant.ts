/** What a mutant of a checker is: one text of the judge's room replaced, told in a few words. */
import type { Replacement } from "../bundle/replacement.ts";

export type CheckerMutant = {
  /** "K07". */
  readonly id: string;
  /** What the wrong judge does. */
  readonly name: string;
  readonly change: Replacement;
};

/** `find` in a file of `checkers/`. */
export const inCheckers = (file: string, find: string, replacement: string): Replacement => ({
  file: `checkers/${file}`,
  find,
  replacement,
});
