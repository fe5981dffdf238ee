/**
 * The program of the report's explorer, as it was bundled beside this one.
 *
 * From a bundle it lies in the same folder; from the sources, as tests run them, in the project's `.build/`.
 */
import { readFile } from "node:fs/promises";

const places = ["./explorer.js", "../../.build/explorer.js"];

/** Undefined when it was never built; a report then has everything but the explorer. */
export const explorerProgram = async (): Promise<string | undefined> => {
  for (const place of places) {
    const text = await readFile(new URL(place, import.meta.url), "utf8").catch(() => undefined);
    if (text !== undefined) return text.trim();
  }
  return undefined;
};
