/**
 * The reference the fast checkers are compared with: tries every order of at most a dozen operations. It shares no
 * code with them and knows no theory, only that an order is right when it keeps to what had to come first and every
 * answer is the one the store would have given.
 */

export type OrderedOperation<State> = {
  /** It may also not have happened at all. */
  readonly isOptional: boolean;
  /** Operations that must come before it, if they happened. */
  readonly after: readonly number[];
  /** The state behind it, or undefined when its answer does not fit. */
  readonly apply: (state: State) => State | undefined;
};

/** Whether some order of all operations (the optional ones or not) leads from `state` to an end. */
export const someOrderFits = <State>(
  operations: readonly OrderedOperation<State>[],
  initial: State,
): boolean => {
  const isDone = operations.map(() => false);
  const extend = (state: State): boolean => {
    if (operations.every(({ isOptional }, place) => isOptional || isDone[place])) return true;
    return operations.some(({ after, apply }, place) => {
      const mayCome = after.every((before) => isDone[before] || operations[before]?.isOptional);
      if (isDone[place] || !mayCome) return false;
      const next = apply(state);
      if (next === undefined) return false;
      isDone[place] = true;
      const fits = extend(next);
      isDone[place] = false;
      return fits;
    });
  };
  return extend(initial);
};
