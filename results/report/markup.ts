/**
 * Markup that cannot carry an injection, by construction.
 *
 * Whatever a template receives is text until proven otherwise: `html` escapes every value except markup that
 * another `html` or `verbatim` made, and those two are the only ways to make any. A key called
 * `"><script>` is therefore shown, never obeyed. `visibleText` spells out what is invisible and cuts what is long,
 * which bounds the page whatever a key contains.
 *
 * Values may stand in text and in double-quoted attributes, and nowhere else: not in a tag's or an attribute's
 * name, not in a style or script element, and in a link only behind a path that begins in the template.
 */
import { visibleText } from "../visible-text.ts";

const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
  "`": "&#96;",
};

/** The text as it may stand between tags and inside double quotes. */
export const escapeText = (text: string): string =>
  visibleText(text).replace(/[&<>"'`]/g, (mark) => escapes[mark] ?? "");

/** Finished markup. The constructor is private to this file, so no value read from data can pass for it. */
export type Markup = InstanceType<typeof SafeMarkup>;

class SafeMarkup {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }
}

/** What a template takes: text and numbers are escaped, `null`, `undefined` and `false` leave nothing. */
export type Content = Markup | string | number | null | undefined | false | readonly Content[];

export const nothing: Markup = new SafeMarkup("");

/** A template whose values are escaped. Arrays are joined without a separator. */
export const html = (literals: TemplateStringsArray, ...values: readonly Content[]): Markup => {
  const parts: string[] = [literals[0] ?? ""];
  values.forEach((value, index) => {
    parts.push(contentText(value), literals[index + 1] ?? "");
  });

  return new SafeMarkup(parts.join(""));
};

/** Literal text of this source tree, unescaped; the type admits no values, so data cannot get in. */
export const verbatim = (literals: TemplateStringsArray): Markup => new SafeMarkup(literals.join(""));

/**
 * The text of a program that was bundled with Tipcart, for the inside of a script element. Throws when it holds what
 * would end the element early; a program that does is a mistake of its build.
 */
export const programMarkup = (bundled: string): Markup => {
  if (/<\/script|<!--/i.test(bundled)) throw new Error("the program holds the end of a script element");
  return new SafeMarkup(bundled);
};

const contentText = (value: Content): string => {
  if (value === null || value === undefined || value === false) return "";
  if (value instanceof SafeMarkup) return value.toString();
  if (typeof value === "object") return value.map(contentText).join("");

  return escapeText(String(value));
};
