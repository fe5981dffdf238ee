/**
 * The order of keys in every storage: by their UTF-8 bytes, which is the order of code points.
 *
 * JavaScript's own `<` compares UTF-16 code units and puts U+10000 and above before U+E000..U+FFFF; an engine that
 * stores UTF-8 does not. Moving the surrogates behind everything else, unit by unit, gives the engines' order
 * without encoding anything.
 */

/** Negative, zero or positive, as for `Array.sort`. */
export function compareKeys(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index += 1) {
    const unitOfA = a.charCodeAt(index);
    const unitOfB = b.charCodeAt(index);
    if (unitOfA !== unitOfB) return rankOf(unitOfA) - rankOf(unitOfB);
  }
  return a.length - b.length;
}

function rankOf(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit >= 0xe000 ? unit - 0x800 : unit + 0x2000;
}
