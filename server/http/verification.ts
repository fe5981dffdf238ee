/**
 * The verification port: what only the harness asks, and only where it opened the port itself.
 *
 * It shows what this node holds, without asking its peers and without a quorum, so that convergence can be judged
 * on the replicas themselves; and it lets the harness wait until the cluster has nothing left to repair.
 */
import type { Node } from "../node.ts";
import type { Clock } from "../ports/clock.ts";
import type { Calm } from "../protocols/quiescence.ts";
import { type Answer, jsonAnswer, refusal } from "./answer.ts";
import { digestsOf, keyStateView } from "./key-state-view.ts";
import type { Call, Route } from "./listener.ts";
import { parseItem, parseQuery } from "./target.ts";

const dumpLimit = { min: 1, max: 1000 };
const dumpLimitDefault = 500;
const quiesceMs = { min: 1, max: 600_000 };
const quiesceMsDefault = 30_000;

export function verificationRoutes(
  node: Node,
  clock: Clock,
  counters: () => ReadonlyMap<string, number>,
): readonly Route[] {
  const calmAnswer = (calm: Calm) => jsonAnswer(200, calmView(calm, counters()));
  return [
    { method: "GET", path: "/verify/dump", name: "dump", answer: (call) => dump(node, call) },
    { method: "GET", path: "/verify/calm", name: "calm", answer: async () => calmAnswer(node.calm()) },
    {
      method: "POST",
      path: "/verify/quiesce",
      name: "quiesce",
      answer: async (call) => {
        const query = parseQuery(call.target, { timeout: quiesceMs });
        if (query.type === "bad") return refusal("bad-request", query.detail);
        return calmAnswer(await node.quiesce(query.value.numbers.get("timeout") ?? quiesceMsDefault));
      },
    },
    {
      method: "GET",
      path: "/verify/clock",
      name: "clock",
      answer: async () => jsonAnswer(200, { wallMs: clock.wallMs(), monotonicMs: clock.monotonicMs() }),
    },
    {
      method: "GET",
      path: "/verify/hints",
      name: "hints",
      answer: async () => jsonAnswer(200, await node.hints()),
    },
    { method: "GET", path: "/verify/key/:bucket/*", name: "key", answer: (call) => rawKey(node, call) },
  ];
}

async function dump(node: Node, call: Call): Promise<Answer> {
  const query = parseQuery(call.target, { after: "text", limit: dumpLimit });
  if (query.type === "bad") return refusal("bad-request", query.detail);
  const { texts, numbers } = query.value;
  const page = await node.dump(texts.get("after") ?? null, numbers.get("limit") ?? dumpLimitDefault);
  if (page === undefined) return refusal("shutting-down", "The node does not serve; it has nothing to show.");
  if (page === undefined) return refusal("shutting-down", "The store cannot be read.");
  const entries = page.entries.map(({ bucket, key, homes, hash, state }) => ({
    bucket,
    key,
    homes,
    state: hash,
    ...digestsOf(state),
  }));
  return jsonAnswer(200, { entries, next: page.next });
}

async function rawKey(node: Node, call: Call): Promise<Answer> {
  const item = parseItem(call.target, "/verify/key/");
  if (item.type === "bad") return refusal("bad-request", item.detail);
  const { main, hints } = await node.rawKey(item.value.bucket, item.value.key);
  return jsonAnswer(200, {
    main:
      main.type === "found" ? { type: main.type, hash: main.hash, state: keyStateView(main.state) } : main,
    hints: hints.map(({ target, state }) => ({ target, state: keyStateView(state) })),
  });
}

function calmView(calm: Calm, counters: ReadonlyMap<string, number>) {
  return {
    ...calm,
    treeRoots: Object.fromEntries(calm.treeRoots),
    counters: Object.fromEntries(counters),
  };
}
