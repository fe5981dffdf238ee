/**
 * An answer of the admin port as lines for a person: a table of a list, `name  value` of an object, whose own lists of
 * objects follow as tables under their names.
 */

type Row = Readonly<Record<string, unknown>>;

const isRow = (value: unknown): value is Row =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** At least one line, whatever the answer is. */
export function linesOf(body: unknown): readonly string[] {
  if (Array.isArray(body))
    return body.length === 0 ? ["none"] : tableOf(body.map((one) => (isRow(one) ? one : { value: one })));
  if (!isRow(body)) return [body === null ? "nothing" : textOf(body)];
  const [names, tables]: [string[], string[]] = [[], []];
  for (const name of Object.keys(body)) (isTable(body[name]) ? tables : names).push(name);
  const width = Math.max(0, ...names.map(({ length }) => length));
  return [
    ...names.map((name) => `${name.padEnd(width)}  ${textOf(body[name])}`.trimEnd()),
    ...tables.flatMap((name) => ["", `${name}:`, ...linesOf(body[name]).map((line) => `  ${line}`)]),
  ];
}

const isTable = (value: unknown): boolean => Array.isArray(value) && value.length > 0 && value.every(isRow);

function tableOf(rows: readonly Row[]): readonly string[] {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const cells = [
    names,
    ...rows.map((row) => names.map((name) => textOf(Object.hasOwn(row, name) ? row[name] : ""))),
  ];
  const widths = names.map((_, column) => Math.max(...cells.map((line) => (line[column] ?? "").length)));
  return cells.map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}

/** Control characters are escaped: what a node says must not write to the terminal. */
function textOf(value: unknown): string {
  if (value === "" || value === null || value === undefined) return "-";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const isPlain = [...text].every((letter) => letter >= " " && letter !== "\u007f");
  return isPlain ? text : JSON.stringify(text);
}
