/**
 * Cuts EDN text into its outermost maps as it comes in, across any boundaries of chunks. One vector or list around
 * all of them is looked through. Only brackets, strings, characters and comments are understood here; the parser
 * judges the rest.
 */
import { recordLimit } from "./history-record.ts";

export type Form = { readonly text: string; readonly line: number };

/** What a character code means outside of strings and comments; most mean nothing. */
const meaning = {
  none: 0,
  newline: 1,
  quote: 2,
  semicolon: 3,
  backslash: 4,
  opening: 5,
  closing: 6,
} as const;

const meanings = new Int32Array(128);
for (const [means, characters] of [
  [meaning.newline, "\n"],
  [meaning.quote, '"'],
  [meaning.semicolon, ";"],
  [meaning.backslash, "\\"],
  [meaning.opening, "([{"],
  [meaning.closing, ")]}"],
] as const)
  for (const character of characters) meanings[character.charCodeAt(0)] = means;

const brace = 123;

export class FormSplitter {
  /** Line on which the open form began. */
  line = 1;
  #text = "";
  #currentLine = 1;
  #depth = 0;
  /** Depth at which the records lie: 1 inside of a vector. */
  #base = 0;
  #mode: "plain" | "string" | "comment" = "plain";
  #isEscaped = false;

  /** The file would end in the middle of a record, or of the vector around them. */
  get isOpen(): boolean {
    return this.#depth > 0;
  }

  push(text: string): readonly Form[] {
    const forms: Form[] = [];
    let from = 0;
    for (let place = 0; place < text.length; place++) {
      const code = text.charCodeAt(place);
      const means = meanings[code] ?? meaning.none;
      if (this.#isEscaped) this.#isEscaped = false;
      else if (means === meaning.none) continue;
      else if (means === meaning.backslash) this.#isEscaped = this.#mode !== "comment";
      else if (this.#mode === "plain" && means === meaning.opening) {
        if (this.#opens(code)) {
          this.#text = "";
          from = place;
        }
      } else if (this.#mode === "plain" && means === meaning.closing) {
        if (!this.#closes()) continue;
        forms.push({ text: this.#text + text.slice(from, place + 1), line: this.line });
        this.#text = "";
        from = place + 1;
      } else this.#switchMode(means);
      if (means === meaning.newline) this.#currentLine++;
    }
    if (this.#depth > this.#base) this.#text += text.slice(from);
    if (this.#text.length > recordLimit) this.#text = this.#text.slice(0, recordLimit);
    return forms;
  }

  /** True when a record begins here. */
  #opens(code: number): boolean {
    const isRecord = this.#depth === this.#base && (this.#depth > 0 || code === brace);
    if (isRecord) this.line = this.#currentLine;
    else if (this.#depth === 0) this.#base = 1;
    this.#depth++;
    return isRecord;
  }

  /** True when a record ends here. */
  #closes(): boolean {
    this.#depth = Math.max(0, this.#depth - 1);
    if (this.#depth > 0 || this.#base === 0) return this.#depth === this.#base;
    this.#base = 0;
    return false;
  }

  #switchMode(means: number): void {
    if (means === meaning.quote && this.#mode !== "comment")
      this.#mode = this.#mode === "plain" ? "string" : "plain";
    else if (means === meaning.semicolon && this.#mode === "plain") this.#mode = "comment";
    else if (means === meaning.newline && this.#mode === "comment") this.#mode = "plain";
  }
}
