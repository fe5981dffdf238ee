/**
 * Cuts as nftables rules: what comes from one address to another is dropped on input and counted. The whole table
 * is replaced in one transaction, so there is no moment between two sets of cuts.
 */
import * as z from "zod";
import { findProgram, problemOf, run } from "../shell.ts";
import type { Done } from "./cluster.ts";

/** From one address to another. */
export type HostPair = { readonly from: string; readonly to: string };

/** For `nft -f -`. nft wants real line breaks; several statements on one line are refused. */
export function nftScript(cuts: readonly HostPair[]): string {
  const rules = cuts.map(({ from, to }) => `    ip saddr ${from} ip daddr ${to} counter drop`);
  return [
    "add table ip tipcart",
    "delete table ip tipcart",
    "table ip tipcart {",
    "  chain input {",
    "    type filter hook input priority 0",
    ...rules,
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

/** Packets dropped so far by all rules together, from `nft --json list table`; undefined when it is no such text. */
export function droppedPackets(json: string): number | undefined {
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

/** Replaces all cuts. */
export async function setNftCuts(cuts: readonly HostPair[]): Promise<Done> {
  const nft = findProgram("nft") ?? "nft";
  const problem = problemOf(await run(nft, ["-f", "-"], { input: nftScript(cuts) }), "nft");
  return problem === undefined
    ? { type: "done", evidence: `${cuts.length} rules` }
    : { type: "failed", reason: problem };
}

/** "the rules dropped 12 packets"; empty when nft would not say. */
export async function nftCounters(): Promise<string> {
  const nft = findProgram("nft") ?? "nft";
  const outcome = await run(nft, ["--json", "list", "table", "ip", "tipcart"]);
  const dropped = outcome.type === "exited" ? droppedPackets(outcome.stdout) : undefined;
  return dropped === undefined ? "" : `the rules dropped ${dropped} packets`;
}
