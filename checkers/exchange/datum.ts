/**
 * Values as foreign histories have them: EDN's data model, of which JSON's is a part. Inside the checkers a value
 * only has to be equal or not, so it is folded to an atom: numbers, strings, booleans and nil are themselves,
 * anything else is its EDN text.
 */

/** `:name`. */
export type Keyword = { readonly kind: "keyword"; readonly name: string };
export type EdnSymbol = { readonly kind: "symbol"; readonly name: string };
export type Character = { readonly kind: "character"; readonly character: string };
export type Tagged = { readonly kind: "tagged"; readonly tag: string; readonly value: Datum };
export type EdnSet = { readonly kind: "set"; readonly items: readonly Datum[] };
export type EdnMap = { readonly kind: "map"; readonly entries: readonly (readonly [Datum, Datum])[] };

export type Datum =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly Datum[]
  | Keyword
  | EdnSymbol
  | Character
  | Tagged
  | EdnSet
  | EdnMap;

/** A value that `===` compares. */
export type Atom = null | boolean | number | bigint | string;

export const keyword = (name: string): Keyword => ({ kind: "keyword", name });

/** Deeper data is refused when read. */
export const depthLimit = 64;

const named: Readonly<Record<string, string>> = {
  "\n": "newline",
  " ": "space",
  "\t": "tab",
  "\r": "return",
};

/** EDN text; vectors for lists. At most `depthLimit` levels are entered, as what was read has no more. */
export const ednText = (datum: Datum, depth = 0): string => {
  if (datum === null) return "nil";
  switch (typeof datum) {
    case "number":
      return numberText(datum);
    case "boolean":
      return String(datum);
    case "bigint":
      return `${datum}N`;
    case "string":
      return stringText(datum);
    default:
      break;
  }
  if (depth > depthLimit) return "…";
  const inner = (item: Datum): string => ednText(item, depth + 1);
  if (isSequence(datum)) return `[${datum.map(inner).join(" ")}]`;
  switch (datum.kind) {
    case "keyword":
      return `:${datum.name}`;
    case "symbol":
      return datum.name;
    case "character":
      return `\\${named[datum.character] ?? datum.character}`;
    case "tagged":
      return `#${datum.tag} ${inner(datum.value)}`;
    case "set":
      return `#{${datum.items.map(inner).join(" ")}}`;
    case "map":
      return `{${datum.entries.map(([key, value]) => `${inner(key)} ${inner(value)}`).join(", ")}}`;
    default:
      return datum satisfies never;
  }
};

const numberText = (value: number): string => {
  if (Number.isNaN(value)) return "##NaN";
  if (!Number.isFinite(value)) return value > 0 ? "##Inf" : "##-Inf";
  return Number.isSafeInteger(value)
    ? String(value)
    : Number.isInteger(value)
      ? `${value.toExponential()}`
      : String(value);
};

/** JSON's escapes are those of EDN but for \b and \f, which EDN writes as code points. */
const stringText = (value: string): string =>
  JSON.stringify(value).replaceAll(/\\[bf]/g, (escape) => (escape === "\\b" ? "\\u0008" : "\\u000c"));

export const isSequence = (datum: Datum): datum is readonly Datum[] => Array.isArray(datum);

/** A string that could be taken for the text of something else is folded to its own text, quotes included. */
export const atomOf = (datum: Datum): Atom => {
  if (datum === null || typeof datum === "number" || typeof datum === "boolean") return datum;
  if (typeof datum === "string") return /^[[{#:"\\]/.test(datum) ? stringText(datum) : datum;
  if (typeof datum === "bigint") return datum;
  return ednText(datum);
};

/** How an atom is shown to a person. */
export const atomText = (atom: Atom): string => (atom === null ? "nil" : String(atom));

/** The name of a function, type or key that one format writes as a string and the other as a keyword. */
export const nameOf = (datum: Datum | undefined): string | undefined => {
  if (typeof datum === "string") return datum.startsWith(":") ? datum.slice(1) : datum;
  if (datum === null || typeof datum !== "object" || isSequence(datum)) return undefined;
  return datum.kind === "keyword" || datum.kind === "symbol" ? datum.name : undefined;
};

/** A map's entries with names for keys; undefined for what is no map. */
export const entriesOf = (datum: Datum): readonly (readonly [Datum, Datum])[] | undefined =>
  datum !== null && typeof datum === "object" && !isSequence(datum) && datum.kind === "map"
    ? datum.entries
    : undefined;
