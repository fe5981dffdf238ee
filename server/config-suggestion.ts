/** What somebody who misspelt a name most likely meant. */

/** The known name nearest to `name`: at most two letters off and less than half of it; undefined when none is. */
export function nearestName(name: string, known: Iterable<string>): string | undefined {
  let nearest: { readonly name: string; readonly distance: number } | undefined;
  if (name.length > nameLengthMax) return undefined;
  for (const candidate of known) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    const isNear = distance <= 2 && distance < candidate.length / 2;
    if (isNear && distance < (nearest?.distance ?? 3)) nearest = { name: candidate, distance };
  }
  return nearest?.name;
}

const nameLengthMax = 64;

/** Letters to change, drop or add (Levenshtein). */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      const changed = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(changed, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
