/**
 * Runs inside a node, before any of its own modules (`node --import`): shifts `Date` by the milliseconds that stand
 * in the file TIPCART_CLOCK_FILE; behind an equals sign stands the one moment at which it is to stand still.
 *
 * The file is read again when `Date` is asked and the last look is 5 ms old by the monotonic clock: at most 200
 * short reads a second, no watcher, no timer, and the jump is there for the first one who asks after that. What
 * cannot be read leaves the offset as it was.
 */
import { readFileSync } from "node:fs";

const file = process.env["TIPCART_CLOCK_FILE"];
const TrueDate = Date;
const trueNow = Date.now.bind(Date);
const lookEveryMs = 5;
let offsetMs = 0;
let frozenAtMs: number | undefined;
let lookedAt = Number.NEGATIVE_INFINITY;

function look(path: string): void {
  try {
    const text = readFileSync(path, "utf8").trim();
    const isFrozen = text.startsWith("=");
    const read = Number(isFrozen ? text.slice(1) : text);
    if (text === "" || !Number.isFinite(read)) return;
    frozenAtMs = isFrozen ? read : undefined;
    if (!isFrozen) offsetMs = read;
  } catch {
    // The node keeps the clock it has.
  }
}

function now(): number {
  const at = performance.now();
  if (file !== undefined && at - lookedAt >= lookEveryMs) {
    lookedAt = at;
    look(file);
  }
  return frozenAtMs ?? trueNow() + offsetMs;
}

TrueDate.now = now;
globalThis.Date = new Proxy(TrueDate, {
  construct: (target, given, newTarget) =>
    Reflect.construct(target, given.length === 0 ? [now()] : given, newTarget),
  apply: () => new TrueDate(now()).toString(),
});
TrueDate.prototype.constructor = globalThis.Date;
