/**
 * What has to be seen of a running cluster before a fault can be aimed: who is home to a key, who keeps hints for
 * others, which key is busiest. The first two are asked of the nodes when the fault begins; a node that does not
 * answer is never aimed at, since whatever keeps it silent has hit it already.
 */
import { request } from "undici";
import * as z from "zod";
import type { NodeName } from "../../checkers/history/event.ts";
import type { Cluster, NodeAddress } from "../cluster/cluster.ts";

export type Sights = {
  /** What most requests were about lately; undefined before the first. */
  readonly busiestKey: () => string | undefined;
  /** Home nodes of the key that answer, in the order of its preference list; empty when nobody tells. */
  readonly homesOf: (cluster: Cluster, key: string) => Promise<readonly NodeName[]>;
  /** Nodes with hints for others, those with most first. */
  readonly hintHolders: (cluster: Cluster) => Promise<readonly NodeName[]>;
};

const answerWithinMs = 1_000;

const preferenceShape = z.object({ homes: z.array(z.string()) });
const clockShape = z.object({ wallMs: z.number() });
const hintsShape = z.array(z.unknown());

/** Undefined when nothing comes, or something else. */
async function ask<T>(url: string, shape: z.ZodType<T>): Promise<T | undefined> {
  try {
    const { body } = await request(url, { signal: AbortSignal.timeout(answerWithinMs) });
    return shape.safeParse(await body.json()).data;
  } catch {
    return undefined;
  }
}

const doesAnswer = async ({ verificationUrl }: NodeAddress): Promise<boolean> =>
  (await ask(`${verificationUrl}/verify/clock`, clockShape)) !== undefined;

/** `bucket`: of the keys. */
export const sightsOf = (bucket: string, busiestKey: Sights["busiestKey"]): Sights => ({
  busiestKey,
  homesOf: async ({ addresses }, key) => {
    const path = `/v1/preference/${encodeURIComponent(bucket)}/${encodeURIComponent(key)}`;
    const [lists, answering] = await Promise.all([
      Promise.all(addresses.map(({ httpUrl }) => ask(`${httpUrl}${path}`, preferenceShape))),
      Promise.all(addresses.map(async (address) => ((await doesAnswer(address)) ? address.node : undefined))),
    ]);
    const homes = lists.find((list) => list !== undefined)?.homes ?? [];
    return homes.filter((node) => answering.includes(node));
  },
  hintHolders: async ({ addresses }) => {
    const holders = await Promise.all(
      addresses.map(async ({ node, verificationUrl }) => {
        const hints = await ask(`${verificationUrl}/verify/hints`, hintsShape);
        return { node, count: hints?.length ?? 0 };
      }),
    );
    return holders
      .filter(({ count }) => count > 0)
      .toSorted((a, b) => b.count - a.count)
      .map(({ node }) => node);
  },
});
