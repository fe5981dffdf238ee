/**
 * A mutant: one bug that a competent engineer could write, as one replaced text in one file of the server, together
 * with the run that exposes it and the property whose checker must see it.
 *
 * The bug exists only in the bundle of that run. A harness earns trust by catching all of them, and by staying green
 * on the benign ones, which change the server without breaking a promise.
 */
import { join } from "node:path";
import { type Bundled, bundleServer } from "../bundle/bundle.ts";
import { projectRoot } from "../bundle/project-root.ts";
import type { Replacement } from "../bundle/replacement.ts";

export type Mutant = {
  /** "M44": the number under which it is known; "C…" for a benign control. */
  readonly id: string;
  /** What the wrong code does, in a few words. */
  readonly name: string;
  readonly change: Replacement;
  /** What goes wrong for a shopper, and why the run below shows it. */
  readonly story: string;
  /** Flags of `tipcart run` beside those of every mutant's run. */
  readonly flags: readonly string[];
  /** The properties whose checker claims it; one of them violated is a catch. Empty for a control. */
  readonly caughtBy: readonly string[];
  /** Where it was seen in the field. */
  readonly seenIn?: string;
};

export const mutantBundle = (mutant: Mutant): string =>
  join(projectRoot(), ".build", "mutants", `${mutant.id}.js`);

/** Builds the server with the bug in it. Refused when the text to replace no longer stands exactly once. */
export const buildMutant = (mutant: Mutant): Promise<Bundled> =>
  bundleServer({ outfile: mutantBundle(mutant), replace: mutant.change });
