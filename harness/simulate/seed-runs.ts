/**
 * Simulated runs of many seeds on several processors: a process for each job, started once, since a warm one is
 * several times as fast as a new one. Seeds are handed out a few ahead to whoever has least to do, and reports come
 * out in order of seed, whoever is done first.
 */
import { type ChildProcess, fork } from "node:child_process";
import { bundlePath } from "../bundle/project-root.ts";
import type { SeedReport } from "./seed-report.ts";

export type SeedPlan = {
  readonly runs: number;
  readonly firstSeed: number;
  /** A name in `shapes`. */
  readonly shape: string;
  readonly jobs: number;
};

/** Seeds that are handed out and not told yet, for each job. */
const seedsAhead = 4;

/** A report for each seed, ascending. No process is left when the caller stops asking. */
export async function* seedReports(plan: SeedPlan): AsyncGenerator<SeedReport, void, void> {
  const { runs, firstSeed, shape, jobs } = plan;
  const workers = Array.from({ length: Math.min(jobs, runs) }, () => new Worker(shape));
  const window: Promise<SeedReport>[] = [];
  let next = firstSeed;
  try {
    for (let told = 0; told < runs; told += 1) {
      for (; window.length < workers.length * seedsAhead && next < firstSeed + runs; next += 1) {
        const [idlest] = workers.toSorted((a, b) => a.openCount - b.openCount);
        if (idlest !== undefined) window.push(idlest.report(next));
      }
      const report = await window.shift();
      if (report !== undefined) yield report;
    }
  } finally {
    for (const worker of workers) worker.stop();
  }
}

class Worker {
  readonly #child: ChildProcess;
  readonly #open = new Map<number, (report: SeedReport) => void>();
  #hasEnded = false;

  constructor(shape: string) {
    this.#child = fork(bundlePath("simulation-worker"), [shape]);
    this.#child.on("message", (report: SeedReport) => this.#told(report));
    this.#child.on("error", () => this.#ended());
    this.#child.on("exit", () => this.#ended());
  }

  get openCount(): number {
    return this.#open.size;
  }

  /** A process that ends before its time is the fault of every seed it had been given. */
  report(seed: number): Promise<SeedReport> {
    return new Promise((resolve) => {
      this.#open.set(seed, resolve);
      if (this.#hasEnded) this.#ended();
      else this.#child.send(seed);
    });
  }

  stop(): void {
    this.#child.kill();
  }

  #told(report: SeedReport): void {
    this.#open.get(report.seed)?.(report);
    this.#open.delete(report.seed);
  }

  #ended(): void {
    this.#hasEnded = true;
    for (const seed of this.#open.keys()) {
      this.#told({ seed, faults: ["the process that simulated it ended"], acknowledgedCount: 0 });
    }
  }
}
