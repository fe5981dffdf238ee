/**
 * One EDN form from its text (the edn-format specification): nil, booleans, integers of any size, floats, ratios as
 * text, strings with escapes, characters, keywords, symbols, lists, vectors, maps, sets, tagged literals, comments,
 * `#_` discards, namespaced maps as plain ones. A record of Jepsen's, `#jepsen.history.Op{…}`, reads as a tagged map.
 * Nesting is limited by `depthLimit`; nothing else recurses.
 */
import { type Datum, depthLimit } from "./datum.ts";

export type Parsed =
  | { readonly type: "form"; readonly datum: Datum; readonly end: number }
  | { readonly type: "problem"; readonly reason: string };

/** The first form of `text`; `end` is the place behind it. */
export const parseEdn = (text: string): Parsed => {
  const parser = new EdnParser(text);
  try {
    const datum = parser.form(0);
    return { type: "form", datum, end: parser.place };
  } catch (error) {
    if (error instanceof EdnProblem) return { type: "problem", reason: error.message };
    throw error;
  }
};

/** Never leaves this file. */
class EdnProblem extends Error {}

/** Character code -> it is white space, or a comma; it ends a token. A table, as every character is looked up. */
const tableOf = (characters: string): Int32Array => {
  const table = new Int32Array(128);
  for (const character of characters) table[character.charCodeAt(0)] = 1;
  return table;
};
const spaces = tableOf(" ,\t\n\r\f\v");
const breaks = tableOf(' ,\t\n\r\f\v()[]{}"');
const escapes: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  r: "\r",
  b: "\b",
  f: "\f",
  "\\": "\\",
  '"': '"',
  "/": "/",
};
const characters: Readonly<Record<string, string>> = {
  newline: "\n",
  space: " ",
  tab: "\t",
  return: "\r",
  backspace: "\b",
  formfeed: "\f",
};

class EdnParser {
  place = 0;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  form(depth: number): Datum {
    if (depth > depthLimit) throw new EdnProblem(`data is nested deeper than ${depthLimit} levels`);
    this.#skipSpace(depth);
    const first = this.#text[this.place];
    if (first === undefined) throw new EdnProblem("the text ends in the middle of a form");
    if (first === "(" || first === "[") return this.#items(first === "(" ? ")" : "]", depth);
    if (first === "{") return this.#map(depth);
    if (first === '"') return this.#string();
    if (first === "\\") return this.#character();
    if (first === "#") return this.#dispatch(depth);
    if (first === ")" || first === "]" || first === "}")
      throw new EdnProblem(`a ${first} that closes nothing`);
    return atomNamed(this.#token());
  }

  /** White space, commas, comments and discarded forms. */
  #skipSpace(depth: number): void {
    for (;;) {
      const at = this.#text[this.place];
      if (spaces[this.#text.charCodeAt(this.place)] === 1) this.place++;
      else if (at === ";") {
        const end = this.#text.indexOf("\n", this.place);
        this.place = end < 0 ? this.#text.length : end;
      } else if (at === "#" && this.#text[this.place + 1] === "_") {
        this.place += 2;
        this.form(depth + 1);
      } else return;
    }
  }

  #items(close: string, depth: number): readonly Datum[] {
    this.place++;
    const items: Datum[] = [];
    for (;;) {
      this.#skipSpace(depth);
      if (this.#text[this.place] === close) break;
      items.push(this.form(depth + 1));
    }
    this.place++;
    return items;
  }

  #map(depth: number): Datum {
    const items = this.#items("}", depth);
    if (items.length % 2 !== 0) throw new EdnProblem("a map has a key without a value");
    const entries: [Datum, Datum][] = [];
    for (let place = 0; place < items.length; place += 2)
      entries.push([items[place] ?? null, items[place + 1] ?? null]);
    return { kind: "map", entries };
  }

  #string(): string {
    let read = "";
    let from = ++this.place;
    for (;;) {
      const at = this.#text[this.place];
      if (at === undefined) throw new EdnProblem("the text ends in the middle of a string");
      if (at === '"') break;
      if (at === "\\") {
        read += this.#text.slice(from, this.place) + this.#escape();
        from = this.place;
      } else this.place++;
    }
    read += this.#text.slice(from, this.place);
    this.place++;
    return read;
  }

  /** At a backslash within a string; leaves the place behind the escape. */
  #escape(): string {
    const letter = this.#text[this.place + 1] ?? "";
    const code = /^[0-9a-fA-F]{4}/.exec(this.#text.slice(this.place + 2, this.place + 6))?.[0];
    if (letter === "u" && code !== undefined) {
      this.place += 6;
      return String.fromCharCode(Number.parseInt(code, 16));
    }
    const octal = /^[0-3]?[0-7]{1,2}/.exec(this.#text.slice(this.place + 1, this.place + 4))?.[0];
    if (octal !== undefined) {
      this.place += 1 + octal.length;
      return String.fromCharCode(Number.parseInt(octal, 8));
    }
    const meant = escapes[letter];
    if (meant === undefined) throw new EdnProblem(`unknown escape \\${letter} in a string`);
    this.place += 2;
    return meant;
  }

  #character(): Datum {
    const from = ++this.place;
    this.place++;
    this.#skipToken();
    const name = this.#text.slice(from, this.place);
    const code = /^u([0-9a-fA-F]{4})$/.exec(name)?.[1];
    const character =
      code === undefined ? (characters[name] ?? name) : String.fromCharCode(Number.parseInt(code, 16));
    return { kind: "character", character };
  }

  #dispatch(depth: number): Datum {
    const next = this.#text[this.place + 1];
    if (next === "{") {
      this.place++;
      return { kind: "set", items: this.#items("}", depth) };
    }
    if (next === "#") {
      this.place += 2;
      return { Inf: Number.POSITIVE_INFINITY, "-Inf": Number.NEGATIVE_INFINITY }[this.#token()] ?? Number.NaN;
    }
    this.place++;
    const tag = this.#token();
    if (tag === "") throw new EdnProblem("a # without a tag");
    return tag.startsWith(":") ? this.form(depth + 1) : { kind: "tagged", tag, value: this.form(depth + 1) };
  }

  #token(): string {
    const from = this.place;
    this.#skipToken();
    return this.#text.slice(from, this.place);
  }

  #skipToken(): void {
    while (this.place < this.#text.length && breaks[this.#text.charCodeAt(this.place)] !== 1) this.place++;
  }
}

const atomNamed = (token: string): Datum => {
  if (/^\d{1,15}$/.test(token)) return Number(token);
  if (/^[-+]?\d/.test(token)) return numberNamed(token);
  if (token.startsWith(":")) return { kind: "keyword", name: token.slice(1) };
  if (token === "nil") return null;
  if (token === "true" || token === "false") return token === "true";
  return { kind: "symbol", name: token };
};

/** Integers that a double cannot hold stay exact as bigints. */
const numberNamed = (token: string): Datum => {
  if (/^[-+]?\d+N?$/.test(token)) {
    const digits = token.replace(/N$/, "").replace(/^\+/, "");
    const number = Number(digits);
    return Number.isSafeInteger(number) ? number : BigInt(digits);
  }
  const float = Number(token.replace(/M$/, ""));
  if (!Number.isNaN(float)) return float;
  if (/^[-+]?\d+\/\d+$/.test(token)) return { kind: "symbol", name: token };
  throw new EdnProblem(`${token.slice(0, 40)} is not a number`);
};
