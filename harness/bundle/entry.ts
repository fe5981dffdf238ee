/**
 * What is bundled: one row a program of the project. Nodes and their helpers are one file each, because they are
 * started all the time and a single minified file starts five times faster than a tree of sources; the command
 * line keeps its packages outside, it starts once a run.
 */

export type Entry = {
  /** The bundle is `.build/<name>.js`. */
  readonly name: string;
  /** Path below the project root. */
  readonly source: string;
  /** `single` holds all it needs but native packages; `external` resolves packages when it runs. */
  readonly packages: "single" | "external";
  /** Runs in a page and not in Node. */
  readonly isForBrowser?: boolean;
  /** Gets a shebang and the executable bit. */
  readonly isCommand?: boolean;
};

export const entries: readonly Entry[] = [
  { name: "server", source: "server/main.ts", packages: "single" },
  { name: "front", source: "server/front/front-main.ts", packages: "single" },
  { name: "server-bench-client", source: "server/bench/client-process.ts", packages: "single" },
  { name: "cli", source: "harness/cli.ts", packages: "external", isCommand: true },
  { name: "load", source: "harness/load/load-process.ts", packages: "external" },
  { name: "generator", source: "harness/generator/generator-process.ts", packages: "external" },
  { name: "null-server", source: "harness/generator/null-server-process.ts", packages: "external" },
  { name: "simulation-worker", source: "harness/simulate/simulation-worker.ts", packages: "external" },
  { name: "pacer-worker", source: "harness/load/pacer-worker.ts", packages: "external" },
  { name: "simulation", source: "harness/simulation/simulation-process.ts", packages: "external" },
  { name: "clock-preload", source: "harness/cluster/clock-preload.ts", packages: "single" },
  { name: "guardian", source: "harness/guardian/main.ts", packages: "single" },
  { name: "explorer", source: "results/browser/explorer.ts", packages: "single", isForBrowser: true },
];
