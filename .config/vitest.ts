import { defineConfig } from "vitest/config";

/** With TIPCART_DEEP=1 one property may have a thousand times as many examples. */
const limitMs = process.env["TIPCART_DEEP"] === "1" ? 3_600_000 : 30_000;

export default defineConfig({
  test: {
    include: ["{server,harness,checkers,workloads,results}/**/*.test.ts"],
    testTimeout: limitMs,
    hookTimeout: limitMs,
    pool: "forks",
    reporters: ["default", ["json", { outputFile: ".build/tests.json" }]],
  },
});
