/**
 * A mutant: one bug that a competent engineer could write, as one replaced text in one file of the server, together
 * with the run that exposes it, simulated or real, and the property whose checker must see it.
 *
 * The bug exists only in the bundle of that run. A harness earns trust by catching all of them, and by staying green
 * on the benign ones, which change the server without breaking a promise.
 */
import { join } from "node:path";
import { type Bundled, bundleServer } from "../bundle/bundle.ts";
import { projectRoot } from "../bundle/project-root.ts";
import type { Replacement } from "../bundle/replacement.ts";
import type { SimulatedPlan } from "../simulation/simulated-plan.ts";

/** Where a mutant is run: in a simulated world, or as real processes. */
export type World = "simulated" | "real";

export type Mutant = {
  /** "M44": the number under which it is known; "C…" for a benign control. */
  readonly id: string;
  /** What the wrong code does, in a few words. */
  readonly name: string;
  readonly change: Replacement;
  /** The same mistake where real nodes have it, when simulated ones stand on another adapter. */
  readonly realChange?: Replacement;
  /** What goes wrong for a shopper, and why the runs below show it. */
  readonly story: string;
  /** The simulated run that exposes it. */
  readonly plan?: SimulatedPlan;
  /** Of real nodes: flags of `tipcart run` beside those of every mutant's run. One of the two is there. */
  readonly flags?: readonly string[];
  /** How long each fault of a real run lasts, and the calm after it, where 5 and 3 s do not show the bug. */
  readonly window?: { readonly faultMs: number; readonly recoveryMs: number };
  /** The properties whose checker claims it; one of them violated is a catch. Empty for a control. */
  readonly caughtBy: readonly string[];
  /** Why it may show nothing, where that is understood. */
  readonly doubt?: string;
  /** Where it was seen in the field. */
  readonly seenIn?: string;
};

/** Where it is run unless somebody says otherwise: the simulated world is fast and repeats itself. */
export const worldOf = ({ plan }: Mutant): World => (plan === undefined ? "real" : "simulated");

const programs = { real: "server", simulated: "simulation" } as const;

export const mutantBundle = ({ id }: Mutant, world: World): string =>
  join(projectRoot(), ".build", "mutants", `${id}.${programs[world]}.js`);

/** What is replaced where it runs. */
export const changeIn = ({ change, realChange = change }: Mutant, world: World): Replacement =>
  world === "real" ? realChange : change;

/** Builds the program with the bug in it. Refused when the text to replace no longer stands exactly once. */
export const buildMutant = (mutant: Mutant, world: World): Promise<Bundled> =>
  bundleServer({
    outfile: mutantBundle(mutant, world),
    replace: changeIn(mutant, world),
    program: programs[world],
  });

/** What came of a mutant in one of the two worlds. */
export type Detection = {
  readonly world: World;
  readonly id: string;
  readonly name: string;
  readonly isCaught: boolean;
  readonly caughtBy: readonly string[];
  readonly runs: number;
  readonly seconds: number;
  readonly seed: number | undefined;
  /** The smallest part of a simulated history that still shows it. `tipcart check --smallest` makes that of a real one. */
  readonly smallest: { readonly requestCount: number; readonly events: readonly unknown[] } | undefined;
  /** What the checker said; for a miss, why. */
  readonly said: string;
};
