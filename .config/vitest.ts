import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{server,harness,checkers,workloads,results}/**/*.test.ts"],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    pool: "forks",
    reporters: ["default", ["json", { outputFile: ".build/tests.json" }]],
  },
});
