/** A promise and the function that resolves it, for answers that come together from several events. */
export type Deferred<T> = { readonly promise: Promise<T>; readonly resolve: (value: T) => void };

export function deferred<T>(): Deferred<T> {
  let resolveIt: ((value: T) => void) | undefined;
  const promise = new Promise<T>((resolve) => {
    resolveIt = resolve;
  });
  return { promise, resolve: (value) => resolveIt?.(value) };
}
