/** The checkers of each workload beside the cart, in the order in which a report shows them. */
import { ackedAdds } from "./acked-adds.ts";
import { ackedWrites } from "./acked-writes.ts";
import { availability } from "./availability.ts";
import { cartCheckers } from "./cart-checkers.ts";
import type { Checker } from "./checker.ts";
import { convergence } from "./convergence.ts";
import { crashes } from "./crashes.ts";
import { exercised } from "./exercised.ts";
import { freshness } from "./freshness.ts";
import { grownSets } from "./grown-sets.ts";
import { phantoms } from "./phantoms.ts";
import { recovery } from "./recovery.ts";
import { registers } from "./registers.ts";
import { resurfacing } from "./resurfacing.ts";
import { sessions } from "./sessions.ts";
import { siblings } from "./siblings.ts";
import { sla } from "./sla.ts";

const first: readonly Checker[] = [ackedWrites, phantoms, convergence];
const last: readonly Checker[] = [availability, crashes, recovery, sla, exercised];

/** A newest stamp leaves no siblings to judge. */
export const sessionCheckers: readonly Checker[] = [...first, freshness, sessions, ...last];
export const catalogueCheckers: readonly Checker[] = [...first, siblings, freshness, sessions, ...last];
export const keyValueCheckers: readonly Checker[] = [
  ...first,
  resurfacing,
  siblings,
  freshness,
  sessions,
  ...last,
];
export const setCheckers: readonly Checker[] = [...first, ackedAdds, grownSets, siblings, freshness, ...last];
export const registerCheckers: readonly Checker[] = [...first, registers, siblings, freshness, ...last];

/** Every checker of runs there is. */
export const runCheckers: readonly Checker[] = [...cartCheckers, registers, grownSets];
