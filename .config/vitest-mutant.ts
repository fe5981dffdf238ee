/** The tests with one text of one source replaced: the replacement is in TIPCART_MUTANT, as JSON. */
import { defineConfig } from "vitest/config";
import { type Replacement, replaceOnce } from "../harness/bundle/replacement.ts";
import shared from "./vitest.ts";

const change: Replacement = JSON.parse(process.env["TIPCART_MUTANT"] ?? "{}");

export default defineConfig({
  plugins: [
    {
      name: "mutant",
      enforce: "pre",
      transform(source, id) {
        if (!id.endsWith(`/${change.file}`)) return undefined;
        const replaced = replaceOnce(source, change);
        if (replaced.type === "refused") throw new Error(replaced.reason);
        return { code: replaced.text, map: null };
      },
    },
  ],
  test: { ...shared.test, bail: 1, fileParallelism: false, reporters: ["json"] },
});
