/**
 * Text from a run, made safe to look at: everything in it can be seen, and it stays the size of a line.
 *
 * Keys, node names and failures may hold anything. Characters that are invisible, that move a terminal's cursor or
 * that turn the direction of the text around (controls, bidirectional overrides, lone surrogates) are spelled out
 * as `\u{…}`, so that nothing can be shown as something else.
 */

/** Characters of one value that are shown; the rest is counted. */
export const textLimit = 2_000;

const unseen = new RegExp(
  // Controls but line feed, soft hyphen, direction marks and overrides, zero-width marks, byte-order mark.
  "[\\u0000-\\u0009\\u000b-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufe00-\\ufe0f\\ufeff\\ufff9-\\uffff]" +
    "|[\\ud800-\\udbff](?![\\udc00-\\udfff])|(?<![\\ud800-\\udbff])[\\udc00-\\udfff]",
  "g",
);

/** At most `textLimit` characters and a count of the others; nothing invisible but line feeds. */
export const visibleText = (text: string): string =>
  cut(text).replace(unseen, (mark) => `\\u{${mark.charCodeAt(0).toString(16)}}`);

/** The same on one line. */
export const visibleLine = (text: string): string => visibleText(text).replace(/\s*\n\s*/g, " ");

const cut = (text: string): string =>
  text.length <= textLimit
    ? text
    : `${text.slice(0, textLimit)}… (${text.length - textLimit} more characters)`;
