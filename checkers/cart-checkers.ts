/** The checkers of shopping-cart and key-value histories, by name. */
import { ackedAdds } from "./acked-adds.ts";
import { ackedWrites } from "./acked-writes.ts";
import type { Checker } from "./checker.ts";
import { phantoms } from "./phantoms.ts";

/** In the order in which a report shows them. */
export const cartCheckers: readonly Checker[] = [ackedWrites, ackedAdds, phantoms];
