/** The elements of a list, vector or set, folded to atoms; of anything else none. */
import { type Atom, atomOf, type Datum, isSequence } from "../exchange/datum.ts";

export const elementsOf = (datum: Datum): readonly Atom[] => {
  if (datum === null || typeof datum !== "object") return [];
  if (isSequence(datum)) return datum.map(atomOf);
  return datum.kind === "set" ? datum.items.map(atomOf) : [];
};
