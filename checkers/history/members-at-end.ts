/**
 * Who belonged to the cluster when it was looked at last: those it began with and those that joined, without those
 * that left. Only they owe a dump, a look and an answer to the final reads.
 */
import type { NodeName } from "./event.ts";
import type { History } from "./history.ts";

/** Orders that took no effect change nothing. Empty when the history does not say how it began. */
export const membersAtEnd = ({ run, faults }: Pick<History, "run" | "faults">): readonly NodeName[] => {
  const members = new Set(run?.nodes ?? []);
  const effective = faults
    .filter(({ activeFrom }) => activeFrom !== undefined)
    .toSorted((one, other) => (one.activeFrom ?? 0) - (other.activeFrom ?? 0));
  for (const { kind, nodes } of effective) {
    if (kind === "join") for (const node of nodes) members.add(node);
    if (kind === "leave") for (const node of nodes) members.delete(node);
  }
  return [...members];
};
