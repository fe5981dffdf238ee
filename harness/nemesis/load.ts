/**
 * Clients beside those of the workload, who ask too much or behave badly: three times the load, robots on one key,
 * connections that crawl, contexts that are damaged or of another key. They enter through the nodes of the fault. Only
 * writes that come a second time are sent by the clients of the workload, whose they are.
 *
 * What they ask for goes to buckets that nobody judges, but for the bad contexts: those puts the store must refuse,
 * and they go to keys of the judged bucket that no client ever writes. Should one be stored all the same, the dumps
 * show a version that nobody wrote, which the judge calls a phantom.
 */
import type { Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { NodeName } from "../../checkers/history/event.ts";
import type { Cluster } from "../cluster/cluster.ts";
import { judgedBucket } from "../judged-bucket.ts";
import { clients, get, openSlowly, paced, put } from "./burden-client.ts";
import {
  answerRate,
  awaitEvidence,
  grown,
  heldConnections,
  lookAtCounts,
  newestTurn,
} from "./burden-look.ts";
import { lateDuplicates } from "./late-duplicates.ts";
import { type Burden, type BurdenTarget, entryOf, type LoadBurden } from "./load-burden.ts";
import type { Nemesis } from "./nemesis.ts";
import { noClients, type WorkloadClients } from "./workload-clients.ts";

const times = 3;
const leastExtra = 50;
const robotCount = 12;
const crawlerCount = 32;
const crawlMs = 100;
const lookAgainMs = 300;
const refusedMin = 20;
const badClientCount = 4;
const padding = "burst ".repeat(100);

async function burst(target: BurdenTarget): Promise<Burden> {
  const usual = await answerRate(target.all);
  const extra = Math.max(leastExtra, (times - 1) * usual);
  const middle = usual + extra / 2;
  // A turn is a read and a write of what was read.
  const going = paced(extra / 2, async (turn) => {
    const url = `${entryOf(target, turn)}/v1/burst/key-${turn % 400}`;
    await put(url, padding, (await get(url))?.context);
  });
  const rate = async (isWanted: (now: number) => boolean): Promise<string | undefined> => {
    const now = await answerRate(target.all);
    return isWanted(now)
      ? `the nodes count ${Math.round(now)} requests a second, before it ${Math.round(usual)}`
      : undefined;
  };
  return {
    going,
    holds: () =>
      awaitEvidence(`More than ${Math.round(middle)} requests a second`, () => rate((now) => now > middle)),
    isGone: () => awaitEvidence("The load as it was before", () => rate((now) => now <= middle)),
  };
}

function hotKey(target: BurdenTarget): Burden {
  const path = "/v1/robots/one-key";
  const going = clients(robotCount, async (turn) => {
    const url = `${entryOf(target, turn)}${path}`;
    await put(url, `turn ${turn}`, (await get(url))?.context);
  });
  const turns = async (isWanted: (more: number) => boolean): Promise<string | undefined> => {
    const before = await newestTurn(target.all, path);
    await delay(lookAgainMs);
    const now = await newestTurn(target.all, path);
    return isWanted(now - before)
      ? `the key shows turn ${now} of the robots, ${lookAgainMs} ms before it ${before}`
      : undefined;
  };
  return {
    going,
    holds: () => awaitEvidence("A key that robots write", () => turns((more) => more > 0)),
    isGone: () => awaitEvidence("A key that nobody writes", () => turns((more) => more === 0)),
  };
}

function slowClients({ entries }: BurdenTarget): Burden {
  const sockets: Socket[] = entries.flatMap(({ httpUrl }) => {
    const { hostname, port } = new URL(httpUrl);
    return Array.from({ length: crawlerCount }, () => openSlowly(hostname, Number(port), crawlMs));
  });
  const servers = new Set(entries.map(({ httpUrl }) => Number(new URL(httpUrl).port)));
  const ours = new Set<number>();
  const held = async (isWanted: (count: number) => boolean): Promise<string | undefined> => {
    for (const { localPort } of sockets) if (localPort !== undefined) ours.add(localPort);
    const count = heldConnections(servers, ours);
    return isWanted(count)
      ? `the kernel holds ${count} connections on which a byte comes at a time`
      : undefined;
  };
  const wanted = crawlerCount * entries.length;
  return {
    going: {
      stop: async () => {
        for (const socket of sockets) socket.destroy();
      },
    },
    holds: () => awaitEvidence(`${wanted} slow connections`, () => held((count) => count === wanted)),
    isGone: () => awaitEvidence("The end of all slow connections", () => held((count) => count === 0)),
  };
}

/** Of three kinds in turn: a character changed, the end missing, and a text that was never a context. */
function damaged(context: string, turn: number): string {
  const middle = Math.floor(context.length / 2);
  const other = context[middle] === "A" ? "B" : "A";
  switch (turn % 3) {
    case 0:
      return context.slice(0, middle) + other + context.slice(middle + 1);
    case 1:
      return context.slice(0, middle);
    default:
      return Buffer.from(`no context ${turn}`).toString("base64url");
  }
}

async function badContexts(target: BurdenTarget, kind: "corrupt" | "swapped"): Promise<Burden> {
  const before = await lookAtCounts(target.all);
  let acceptedCount = 0;
  const going = clients(badClientCount, async (turn) => {
    const urlOf = (key: string): string =>
      `${entryOf(target, turn)}/v1/${judgedBucket}/refused-${kind}-${key}-${turn % 20}`;
    const context = (await get(urlOf("a")))?.context;
    if (context === undefined) return;
    const reply =
      kind === "corrupt"
        ? await put(urlOf("a"), "must be refused", damaged(context, turn))
        : await put(urlOf("b"), "must be refused", context);
    if (reply?.status === 200) acceptedCount += 1;
  });
  const refused = async (): Promise<number> => grown(before, await lookAtCounts(target.all)).refusedPuts;
  const words = (count: number): string =>
    `the nodes count ${count} puts that they refused with 400; ${acceptedCount} were accepted`;
  return {
    going,
    holds: async () => {
      const seen = await awaitEvidence(`${refusedMin} refused puts`, async () => {
        const count = await refused();
        return count >= refusedMin ? words(count) : undefined;
      });
      if (seen.type === "done" || acceptedCount === 0) return seen;
      return { type: "failed", reason: `${acceptedCount} puts were accepted that had to be refused.` };
    },
    isGone: () =>
      awaitEvidence("The end of the refused puts", async () => {
        const count = await refused();
        await delay(lookAgainMs);
        return (await refused()) === count ? words(count) : undefined;
      }),
  };
}

async function beginBurden(
  burden: LoadBurden,
  target: BurdenTarget,
  workload: WorkloadClients,
): Promise<Burden> {
  switch (burden) {
    case "burst":
      return burst(target);
    case "hot-key":
      return hotKey(target);
    case "slow-clients":
      return slowClients(target);
    case "corrupt-context":
      return badContexts(target, "corrupt");
    case "swapped-context":
      return badContexts(target, "swapped");
    case "late-duplicates":
      return lateDuplicates(target, workload);
  }
}

export function loadNemesis(
  nodes: readonly NodeName[],
  burden: LoadBurden,
  workload: WorkloadClients = noClients,
): Nemesis {
  let begun: Burden | undefined;
  return {
    needs: [],
    backend: () => "clients of the harness",
    inject: async (cluster: Cluster) => {
      const [first, ...others] = cluster.addresses.filter(({ node }) => nodes.includes(node));
      if (first === undefined) return { type: "failed", reason: "The fault names no node of the cluster." };
      begun = await beginBurden(burden, { all: cluster.addresses, entries: [first, ...others] }, workload);
      return begun.holds();
    },
    heal: async () => {
      if (begun === undefined) return { type: "done", evidence: "nothing was asked for" };
      await begun.going.stop();
      return begun.isGone();
    },
  };
}
