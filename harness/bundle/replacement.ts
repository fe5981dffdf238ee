/**
 * One text of one server source, replaced while the server is bundled. This is how a mutant comes to life: the bug
 * is in the bundle of one run and nowhere else, so production code never carries a switch for it.
 */
import { readFile } from "node:fs/promises";
import { relative, sep } from "node:path";
import type { Plugin } from "esbuild";

export type Replacement = {
  /** Path below the project root, with slashes: `server/core/quorum.ts`. */
  readonly file: string;
  /** Must stand exactly once in that file, as written there. */
  readonly find: string;
  readonly replacement: string;
};

export type Replaced =
  | { readonly type: "replaced"; readonly text: string }
  | { readonly type: "refused"; readonly reason: string };

/** Refuses a text that is missing or ambiguous: a mutant whose place has moved must not pass for the real server. */
export function replaceOnce(source: string, { file, find, replacement }: Replacement): Replaced {
  if (find === "") return { type: "refused", reason: `The text to replace in ${file} is empty.` };
  const parts = source.split(find);
  if (parts.length === 2) return { type: "replaced", text: parts.join(replacement) };
  const count = parts.length - 1;
  const reason = `The text to replace stands ${count} times in ${file}, not once: ${JSON.stringify(find)}.`;
  return { type: "refused", reason };
}

/**
 * The replacement as an esbuild plugin. After the build `refusal` says why it did not happen: the text stood there
 * not exactly once, or the file is no part of what was bundled. Undefined: it happened.
 */
export function replacing(
  root: string,
  wanted: Replacement,
): { readonly plugin: Plugin; readonly refusal: () => string | undefined } {
  let refusal: string | undefined = `${wanted.file} is no part of the bundle.`;
  const plugin: Plugin = {
    name: "replacement",
    setup(bundling) {
      bundling.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        if (relative(root, path).split(sep).join("/") !== wanted.file) return undefined;
        const outcome = replaceOnce(await readFile(path, "utf8"), wanted);
        refusal = outcome.type === "refused" ? outcome.reason : undefined;
        return { contents: outcome.type === "replaced" ? outcome.text : "", loader: "ts" };
      });
    },
  };
  return { plugin, refusal: () => refusal };
}
