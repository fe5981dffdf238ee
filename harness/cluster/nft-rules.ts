/**
 * What the kernel does to packets between two addresses, as nftables rules on input: cut, forgotten, lost at random or
 * answered with a reset, and counted. The whole table is replaced in one transaction, so there is no moment between
 * two sets of rules. A cut stands first: of what is cut nobody is told anything.
 */
import * as z from "zod";
import { findProgram, problemOf, run } from "../shell.ts";
import type { Done } from "./cluster.ts";

/** From one address to another. */
export type HostPair = { readonly from: string; readonly to: string };

/** One direction of one TCP connection. */
export type TcpFlow = HostPair & { readonly fromPort: number; readonly toPort: number };

export type NftRules = {
  readonly cuts: readonly HostPair[];
  /** Of connections that are dead. */
  readonly forgotten: readonly TcpFlow[];
  readonly losses: readonly (HostPair & { readonly percent: number })[];
  /** Whatever connection is used there is reset, and none can be made. */
  readonly resets: readonly HostPair[];
};

export const noRules: NftRules = { cuts: [], forgotten: [], losses: [], resets: [] };

const between = ({ from, to }: HostPair): string => `ip saddr ${from} ip daddr ${to}`;

/** For `nft -f -`. nft wants real line breaks; several statements on one line are refused. */
export function nftScript({ cuts, forgotten, losses, resets }: NftRules): string {
  const rules = [
    ...cuts.map((pair) => `${between(pair)} counter drop`),
    ...forgotten.map(
      (flow) => `${between(flow)} tcp sport ${flow.fromPort} tcp dport ${flow.toPort} counter drop`,
    ),
    ...losses.map((pair) => `${between(pair)} numgen random mod 100 < ${pair.percent} counter drop`),
    // A reset is not answered with one, or the one that the other direction's rule sends would not arrive.
    ...resets.map((pair) => `${between(pair)} tcp flags & rst == 0 counter reject with tcp reset`),
  ];
  return [
    "add table ip tipcart",
    "delete table ip tipcart",
    "table ip tipcart {",
    "  chain input {",
    "    type filter hook input priority 0",
    ...rules.map((rule) => `    ${rule}`),
    "  }",
    "}",
    "",
  ].join("\n");
}

const tableSchema = z.object({
  nftables: z.array(
    z.object({
      rule: z
        .object({ expr: z.array(z.object({ counter: z.object({ packets: z.number() }).optional() })) })
        .optional(),
    }),
  ),
});

/** Packets that met any of the rules so far, from `nft --json list table`; undefined when it is no such text. */
export function countedPackets(json: string): number | undefined {
  try {
    const parsed = tableSchema.safeParse(JSON.parse(json));
    if (!parsed.success) return undefined;
    return parsed.data.nftables
      .flatMap(({ rule }) => rule?.expr ?? [])
      .reduce((sum, { counter }) => sum + (counter?.packets ?? 0), 0);
  } catch {
    return undefined;
  }
}

/** Replaces all rules. */
export async function setNftRules(rules: NftRules): Promise<Done> {
  const nft = findProgram("nft") ?? "nft";
  const problem = problemOf(await run(nft, ["-f", "-"], { input: nftScript(rules) }), "nft");
  return problem === undefined
    ? { type: "done", evidence: "the rules stand" }
    : { type: "failed", reason: problem };
}

/** How many packets have met the rules since they were set; undefined when nft would not say. */
export async function nftCounter(): Promise<number | undefined> {
  const nft = findProgram("nft") ?? "nft";
  const outcome = await run(nft, ["--json", "list", "table", "ip", "tipcart"]);
  return outcome.type === "exited" ? countedPackets(outcome.stdout) : undefined;
}
