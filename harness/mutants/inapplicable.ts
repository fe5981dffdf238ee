/** Bugs of the field that this server has no place for: what would be wrong cannot be written as one change of it. */

export type Inapplicable = {
  readonly id: string;
  /** What the wrong code would do, in a few words. */
  readonly name: string;
  /** Why it has no place here. */
  readonly reason: string;
};

export const inapplicable: readonly Inapplicable[] = [];
