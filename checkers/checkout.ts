/**
 * P17 and P18: what checkouts took. An order should hold every line that its session had been acknowledged and that
 * nobody took out, and no line should be in two orders.
 *
 * Checkout asserts "this is all", which is not monotone: without coordination an always-writable cart can promise
 * neither (Helland and Campbell; the CALM theorem). Both are measured; a workload that seals its carts with a
 * manifest could make the first hard.
 */
import { checkerOf } from "./checker.ts";
import { concluded, counted, Findings } from "./finding.ts";
import { type Removers, removersOf } from "./graph/removers.ts";
import { listed, wroteSentence } from "./graph/story.ts";
import type { History } from "./history/history.ts";

const name = "checkout";
const properties = ["P17", "P18"] as const;

export const checkout = checkerOf({
  name,
  properties,
  check: (history) => {
    const findings = new Findings();
    const orders = ordersIn(history);
    judgeDoubleSales(history, orders, findings);
    const removers = removersOf(history);
    for (const order of orders) judgeCompleteness(history, removers, order, findings);
    return concluded(history, {
      checker: name,
      properties,
      findings,
      summary:
        `${counted(findings.count("incomplete-order"))} of ${counted(orders.length)} orders incomplete, ` +
        `${counted(findings.count("double-sale"))} lines sold twice`,
      metrics: { orders: orders.length },
    });
  },
});

/** Versions of acknowledged order records. */
const ordersIn = ({ requests, written }: History): number[] => {
  const orders: number[] = [];
  for (let row = 0; row < requests.count; row++) {
    const version = requests.version(row);
    if (version >= 0 && requests.outcome(row) === "ok" && written.sold(version).length > 0)
      orders.push(version);
  }
  return orders;
};

const judgeDoubleSales = (history: History, orders: readonly number[], findings: Findings): void => {
  const { written } = history;
  const soldBy = new Map<number, number>();
  for (const order of orders) {
    for (const tag of written.sold(order)) {
      const first = soldBy.get(tag);
      if (first === undefined) soldBy.set(tag, order);
      if (first === undefined || first === order) continue;
      findings.found("double-sale", () => ({
        sentence: `The line ${written.tags.name(tag)} was sold twice, by ${written.name(first)} and by ${written.name(order)}.`,
        story: [written.addedBy(tag), first, order].map((version) => wroteSentence(history, version)),
        requests: [first, order].map((version) => history.requests.id(written.row(version))),
        writes: [written.name(first), written.name(order)],
      }));
    }
  }
};

/** The carts of an order are those to which its lines were added. */
const judgeCompleteness = (history: History, removers: Removers, order: number, findings: Findings): void => {
  const { requests, written } = history;
  const orderRow = written.row(order);
  const sold = new Set(written.sold(order));
  const carts = new Set(
    [...sold]
      .map((tag) => written.row(written.addedBy(tag)))
      .filter((row) => row >= 0)
      .map((row) => requests.key(row)),
  );
  const missing: number[] = [];
  for (const cart of carts) {
    for (const row of history.rowsOfKey(cart)) {
      const isEarlierOfSession =
        requests.session(row) === requests.session(orderRow) && requests.done(row) <= requests.sent(orderRow);
      if (!isEarlierOfSession || requests.outcome(row) !== "ok") continue;
      for (const tag of written.added(requests.version(row))) {
        if (!sold.has(tag) && !isTakenOut(history, removers, tag, orderRow)) missing.push(tag);
      }
    }
  }
  if (missing.length === 0) return;
  findings.found("incomplete-order", () => ({
    key: history.keys.name(requests.key(orderRow)),
    sentence: `The order ${written.name(order)} lacks ${listed(missing.map((tag) => written.tags.name(tag)))}, acknowledged to its session before.`,
    story: [...missing.slice(0, 3).map((tag) => written.addedBy(tag)), order].map((version) =>
      wroteSentence(history, version),
    ),
    requests: [requests.id(orderRow)],
    writes: [written.name(order)],
  }));
};

/** By a write that was sent before the order and did not fail for certain; an earlier checkout is one. */
const isTakenOut = (
  { requests, written }: History,
  removers: Removers,
  tag: number,
  orderRow: number,
): boolean =>
  removers.of(tag).some((version) => {
    const row = written.row(version);
    return requests.outcome(row) !== "fail" && requests.sent(row) < requests.sent(orderRow);
  });
