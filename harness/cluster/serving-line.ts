/** The one line of JSON that a node prints when it serves, found in its standard output. */
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import * as z from "zod";

const servingSchema = z.object({ type: z.literal("serving"), nodeId: z.string() });

export type Serving = { readonly type: "serving"; readonly node: string } | { readonly type: "late" };

/** Undefined for every other line, JSON or not. */
export function parseServing(line: string): Serving | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    const parsed = servingSchema.safeParse(JSON.parse(line));
    return parsed.success ? { type: "serving", node: parsed.data.nodeId } : undefined;
  } catch {
    return undefined;
  }
}

/** `late` when the signal aborts first. Goes on reading to the end afterwards, so that the writer never blocks. */
export function firstServingLine(output: Readable, deadline: AbortSignal): Promise<Serving> {
  return new Promise((resolve) => {
    deadline.addEventListener("abort", () => resolve({ type: "late" }), { once: true });
    createInterface({ input: output }).on("line", (line) => {
      const serving = parseServing(line);
      if (serving !== undefined) resolve(serving);
    });
  });
}
