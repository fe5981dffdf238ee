/**
 * Cuts EDN text into its outermost maps as it comes in, across any boundaries of chunks. One vector or list around
 * all of them is looked through. Only brackets, strings, characters and comments are understood here; the parser
 * judges the rest.
 */
import { recordLimit } from "./history-record.ts";

export type Form = { readonly text: string; readonly line: number };

const code = {
  newline: 10,
  quote: 34,
  comma: 44,
  semicolon: 59,
  backslash: 92,
  openings: new Set([40, 91, 123]),
  closings: new Set([41, 93, 125]),
};
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
      const at = text.charCodeAt(place);
      if (at === code.newline) this.#currentLine++;
      if (this.#mode !== "plain" || this.#isEscaped) this.#step(at);
      else if (at === code.quote) this.#mode = "string";
      else if (at === code.semicolon) this.#mode = "comment";
      else if (at === code.backslash) this.#isEscaped = true;
      else if (code.openings.has(at)) {
        if (this.#depth === 0 && at !== brace) this.#base = 1;
        else if (this.#depth === this.#base) {
          this.line = this.#currentLine;
          this.#text = "";
          from = place;
        }
        this.#depth++;
      } else if (code.closings.has(at)) {
        this.#depth = Math.max(0, this.#depth - 1);
        if (this.#depth === 0 && this.#base === 1) this.#base = 0;
        else if (this.#depth === this.#base) {
          forms.push({ text: this.#text + text.slice(from, place + 1), line: this.line });
          this.#text = "";
          from = place + 1;
        }
      }
    }
    if (this.#depth > this.#base) this.#text += text.slice(from);
    if (this.#text.length > recordLimit) this.#text = this.#text.slice(0, recordLimit);
    return forms;
  }

  #step(at: number): void {
    if (this.#isEscaped) this.#isEscaped = false;
    else if (this.#mode === "string" && at === code.backslash) this.#isEscaped = true;
    else if (this.#mode === "string" && at === code.quote) this.#mode = "plain";
    else if (this.#mode === "comment" && at === code.newline) this.#mode = "plain";
  }
}
