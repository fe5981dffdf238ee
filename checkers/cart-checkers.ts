/** The checkers of shopping-cart and key-value histories, by name. */
import { ackedAdds } from "./acked-adds.ts";
import { ackedWrites } from "./acked-writes.ts";
import { availability } from "./availability.ts";
import type { Checker } from "./checker.ts";
import { checkout } from "./checkout.ts";
import { convergence } from "./convergence.ts";
import { crashes } from "./crashes.ts";
import { exercised } from "./exercised.ts";
import { freshness } from "./freshness.ts";
import { phantoms } from "./phantoms.ts";
import { recovery } from "./recovery.ts";
import { resurfacing } from "./resurfacing.ts";
import { sessions } from "./sessions.ts";
import { siblings } from "./siblings.ts";
import { sla } from "./sla.ts";

/** In the order in which a report shows them. */
export const cartCheckers: readonly Checker[] = [
  ackedWrites,
  ackedAdds,
  phantoms,
  resurfacing,
  convergence,
  siblings,
  freshness,
  sessions,
  checkout,
  availability,
  crashes,
  recovery,
  sla,
  exercised,
];
