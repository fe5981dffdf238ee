/**
 * The seats of a data centre: which member takes which place in a fixed plan of places.
 *
 * Whatever is computed from names alone must reshuffle much at some change of members: no function of a set
 * can keep nearly everybody's place for every set (for some sets it can only see who comes before whom, and a
 * newcomer in the middle shifts all behind it). So a member carries its seat from its join on, as in the
 * paper a node carries its tokens. The seats in use are 0 to S - 1. A newcomer takes seat S; when somebody
 * leaves, the last seat's member moves to the free one, and nobody else moves.
 *
 * Members whose seats are missing, taken or beyond the end, as after two joins at once, fill what is free.
 */
import type { NodeId } from "../ports/network.ts";

type Seatable = { readonly nodeId: NodeId; readonly dc?: string; readonly seat?: number };

/**
 * The members of one data centre by seat. Of two with one seat the lower id keeps it; the free seats, from
 * the lowest on, go to the others: the highest seat first, then those without one by id.
 */
export function seated<M extends Seatable>(members: readonly M[]): readonly M[] {
  const count = members.length;
  const places = Array.from({ length: count }, (): M | undefined => undefined);
  const waiting: M[] = [];
  for (const member of members.toSorted((a, b) => (a.nodeId < b.nodeId ? -1 : 1))) {
    const seat = member.seat ?? count;
    if (seat < count && places[seat] === undefined) places[seat] = member;
    else waiting.push(member);
  }
  waiting.sort((a, b) => (b.seat ?? -1) - (a.seat ?? -1));
  return places.map((member) => member ?? next(waiting));
}

/**
 * Members of any data centres with the seats they really have in their own, ascending by data centre and
 * seat. Who writes down a change of members does well to write these down too: then a change moves one member
 * at most, however many came before.
 */
export function withSeats<M extends Seatable>(
  members: readonly M[],
): readonly (M & { readonly seat: number })[] {
  const dcs = [...new Set(members.map(({ dc = "" }) => dc))].toSorted();
  return dcs.flatMap((name) =>
    seated(members.filter(({ dc = "" }) => dc === name)).map((member, seat) => ({ ...member, seat })),
  );
}

/** The seat that a newcomer to `dc` carries, where `members` have come before. */
export function nextSeat(members: readonly Seatable[], dc: string): number {
  return members.filter((member) => (member.dc ?? "") === dc).length;
}

function next<M>(waiting: M[]): M {
  const member = waiting.shift();
  if (member === undefined) throw new Error("there are as many seats as members");
  return member;
}
