/**
 * For the `catch` of a promise that nobody awaits and that cannot reject: ports and everything above them end with
 * values. If it does reject all the same, the program is wrong, and the rejection ends the node as any assertion.
 */
export function impossible(cause: unknown): never {
  throw cause;
}
