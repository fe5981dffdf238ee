/**
 * The verification port: what only the harness asks, and only where it opened the port itself.
 *
 * It shows what this node holds, without asking its peers and without a quorum, so that convergence can be judged
 * on the replicas themselves; and it lets the harness wait until the cluster has nothing left to repair.
 */
import type { Node } from "../node.ts";
import type { Clock } from "../ports/clock.ts";
import { archiveBytesMax } from "../protocols/archive.ts";
import type { Calm } from "../protocols/quiescence.ts";
import { type Answer, failureAnswer, jsonAnswer, refusal } from "./answer.ts";
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
    {
      method: "GET",
      path: "/verify/snapshot/:partition",
      name: "snapshot",
      answer: (call) => snapshot(node, call),
    },
    { method: "POST", path: "/verify/restore", name: "restore", answer: (call) => restore(node, call) },
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

async function snapshot(node: Node, call: Call): Promise<Answer> {
  const digits = /^\/verify\/snapshot\/([0-9]{1,4})(?:\?|$)/.exec(call.target)?.[1];
  const partition = digits === undefined ? Number.NaN : Number(digits);
  const { partitionCount } = node.ring();
  if (!(partition < partitionCount)) {
    return refusal("bad-request", `The partition must be a whole number from 0 to ${partitionCount - 1}.`);
  }
  const taken = await node.archive?.snapshot(partition);
  if (taken === undefined) return refusal("shutting-down", "The node does not serve.");
  if (taken.type === "failed") return refusal("shutting-down", `There is no snapshot: ${taken.reason}.`);
  return { status: 200, headers: { "content-type": "application/octet-stream" }, body: taken.bytes };
}

async function restore(node: Node, call: Call): Promise<Answer> {
  const body = await call.readBody(archiveBytesMax);
  if (body.type !== "read") return refusal("bad-request", "The file could not be read to its end.");
  const restored = await node.archive?.restore(body.bytes);
  if (restored === undefined) return refusal("shutting-down", "The node does not serve.");
  return restored.type === "ok"
    ? jsonAnswer(200, restored)
    : failureAnswer({
        error: "bad-request",
        effect: restored.mergedCount > 0 ? "unknown" : "none",
        detail: `Not restored: ${restored.reason}.`,
      });
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
