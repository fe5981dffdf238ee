import { expect, test } from "vitest";
import { emptyKeyState } from "../core/versions.ts";
import type { Exchange, Sender } from "../ports/network.ts";
import type { PeerReply, PeerRequest } from "../rpc/messages.ts";
import { scenario } from "../simulation/scenario.ts";
import type { SimulatedCluster } from "../simulation/simulated-cluster.ts";
import { SimulatedNetwork } from "../simulation/simulated-network.ts";
import { SimulatedProcess } from "../simulation/simulated-process.ts";

const tree = { partition: 0, copies: 3 };
const name = { bucket: "default", key: "k" };

const betweenMembers: readonly PeerRequest[] = [
  { type: "tree-roots", ringHash: "", trees: [tree] },
  { type: "tree-hashes", tree, level: 1, indexes: [0] },
  { type: "tree-keys", tree, leaves: [0] },
  { type: "tree-sizes", trees: [tree] },
  { type: "reap", step: "prove", ringHash: "", keys: [] },
  { type: "exchange", states: [] },
  { type: "transfer-offer", tree },
  { type: "transfer-chunk", tree, states: [], next: null },
  { type: "transfer-seal", tree },
];

/** What a process that is no member, and stands on the members' ring or on another one, is answered by a member. */
async function strangerIn(plan: { readonly isRingKnown: boolean; readonly nodeId?: string }) {
  const { cluster } = await scenario();
  const { nodeId = "stranger" } = plan;
  return speakerIn(cluster, { nodeId, incarnation: "nobody's", boot: 1 }, plan.isRingKnown);
}

async function speakerIn(cluster: SimulatedCluster, self: Sender, isRingKnown: boolean) {
  const { nodeId } = self;
  const process = new SimulatedProcess(cluster.world, nodeId);
  const network = new SimulatedNetwork(cluster.links, nodeId, process);
  const ringHash = () => (isRingKnown ? cluster.node("n1").ring().hash : "another");
  await network.serve(self, async (): Promise<PeerReply> => ({ type: "pong" }), ringHash);
  return (request: PeerRequest): Promise<Exchange> => cluster.world.run(network.request("n1", request, 1000));
}

test("who is no member may not take part in what is between members, and is told so", async () => {
  const ask = await strangerIn({ isRingKnown: true });

  for (const request of betweenMembers) {
    const refused = { type: "reply", reply: { type: "refused", reason: "not-a-member" } };
    expect([request.type, await ask(request)]).toEqual([request.type, refused]);
  }
});

test("who is no member may ping, and ask for a key as a coordinating client does", async () => {
  const ask = await strangerIn({ isRingKnown: true });

  expect(await ask({ type: "ping" })).toEqual({ type: "reply", reply: { type: "pong" } });
  const read = await ask({ type: "replica-get", role: "fallback", ...name });
  expect(read).toMatchObject({ type: "reply", reply: { type: "state" } });
});

test("who sees another ring is told that first, whatever it asks", async () => {
  const ask = await strangerIn({ isRingKnown: false });

  for (const request of betweenMembers) {
    expect(await ask(request)).toMatchObject({ reply: { type: "refused", reason: "wrong-ring" } });
  }
});

test("who speaks under a member's name with another incarnation is refused everything but gossip", async () => {
  const ask = await strangerIn({ isRingKnown: true, nodeId: "n2" });

  for (const request of [...betweenMembers, { type: "ping" } as const]) {
    expect(await ask(request)).toMatchObject({ reply: { type: "refused", reason: "unknown-incarnation" } });
  }
});

test("who was removed gives nothing any more, also nothing that it kept for others", async () => {
  const { cluster } = await scenario();
  const { incarnation } = cluster.node("n5").health();
  cluster.crash("n5");
  await cluster.order("n1", { type: "remove", nodeId: "n5" });
  await cluster.world.runFor(3000);
  const ask = await speakerIn(cluster, { nodeId: "n5", incarnation, boot: 2 }, true);
  const hint: PeerRequest = { type: "replica-put", ...name, state: emptyKeyState, durability: "synced" };

  for (const request of [...betweenMembers, hint]) {
    expect(await ask(request)).toMatchObject({ reply: { type: "refused", reason: "not-a-member" } });
  }
  expect(await ask({ type: "ping" })).toMatchObject({ reply: { type: "pong" } });
});
