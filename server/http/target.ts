/**
 * The request target of a call, taken apart: which item, and the numbers of its query.
 *
 * Buckets and keys are text as UTF-8, percent-encoded where the client likes. The key is all that follows the
 * bucket's slash, slashes included; nothing is normalised, so `a//b`, `a/../b` and `A/b` are four different keys.
 * Whatever is not understood is refused with a sentence rather than ignored: a misspelt `w` must not write with
 * the default.
 */

export type Parsed<T> =
  | { readonly type: "ok"; readonly value: T }
  | { readonly type: "bad"; readonly detail: string };

export type Item = { readonly bucket: string; readonly key: string };

/** Names of a query's parameters -> the values a call allows them. A flag has no value. */
export type QueryShape = Readonly<
  Record<string, "flag" | "text" | { readonly min: number; readonly max: number }>
>;

export type Query = {
  readonly numbers: ReadonlyMap<string, number>;
  readonly texts: ReadonlyMap<string, string>;
  readonly flags: ReadonlySet<string>;
};

/** The item named by a target such as `/v1/{bucket}/{key}?w=2`, whose path begins with `prefix` (`/v1/`). */
export function parseItem(target: string, prefix: string): Parsed<Item> {
  const [path = ""] = target.split("?", 1);
  const rest = path.slice(prefix.length);
  const slash = rest.indexOf("/");
  if (!path.startsWith(prefix) || slash < 0) return bad(`A key is named as ${prefix}{bucket}/{key}.`);
  const bucket = decodeText(rest.slice(0, slash));
  const key = decodeText(rest.slice(slash + 1));
  if (bucket === undefined) return bad("The bucket is not percent-encoded UTF-8.");
  if (key === undefined) return bad("The key is not percent-encoded UTF-8.");
  if (bucket === "") return bad("The bucket is empty.");
  if (key === "") return bad("The key is empty.");
  return { type: "ok", value: { bucket, key } };
}

const noQuery: Parsed<Query> = {
  type: "ok",
  value: { numbers: new Map(), texts: new Map(), flags: new Set() },
};

/** The parameters after the `?`. Unknown, repeated and malformed ones are refused. */
export function parseQuery(target: string, shape: QueryShape): Parsed<Query> {
  const mark = target.indexOf("?");
  if (mark < 0) return noQuery;
  const known = new Map(Object.entries(shape));
  const numbers = new Map<string, number>();
  const texts = new Map<string, string>();
  const flags = new Set<string>();
  for (const [name, value] of new URLSearchParams(target.slice(mark + 1))) {
    const expected = known.get(name);
    if (expected === undefined)
      return bad(`The query has an unknown parameter; known are: ${namesOf(known)}.`);
    if (numbers.has(name) || texts.has(name) || flags.has(name))
      return bad(`The parameter ${name} is given twice.`);
    if (expected === "flag") flags.add(name);
    else if (expected === "text") texts.set(name, value);
    else {
      const number = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
      if (!(number >= expected.min && number <= expected.max)) {
        return bad(`The parameter ${name} must be a whole number from ${expected.min} to ${expected.max}.`);
      }
      numbers.set(name, number);
    }
  }
  return { type: "ok", value: { numbers, texts, flags } };
}

function namesOf(known: ReadonlyMap<string, unknown>): string {
  return known.size === 0 ? "none" : [...known.keys()].join(", ");
}

/** Node gives the bytes of a target as Latin-1; raw bytes above ASCII are treated as if percent-encoded. */
function decodeText(raw: string): string | undefined {
  const encoded = raw.replace(/[\u0080-\u00ff]/g, (byte) => `%${byte.charCodeAt(0).toString(16)}`);
  try {
    return decodeURIComponent(encoded);
  } catch {
    return undefined;
  }
}

function bad(detail: string): { readonly type: "bad"; readonly detail: string } {
  return { type: "bad", detail };
}
