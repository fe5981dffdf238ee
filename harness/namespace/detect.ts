/**
 * What this machine and user allow, found by doing it: a namespace is made, its loopback brought up, one rule set.
 * Settings are not read, since some systems grant the namespace and withhold its capabilities.
 */
import { findProgram, run, type ShellOutcome } from "../shell.ts";
import type { CutTool, Enclosure } from "./enclosure.ts";

export type Detected =
  | { readonly type: "available"; readonly enclosure: Enclosure }
  | { readonly type: "unavailable"; readonly reason: string };

const ownProcesses = ["--pid", "--fork", "--kill-child", "--mount-proc"];

/**
 * Best first. Root needs no user namespace, and without one sees files of other users as before. Where /proc cannot
 * be mounted, process numbers stay shared as well: private ones could not be looked up in the /proc of the host.
 */
export function candidates(isRoot: boolean): readonly Pick<Enclosure, "flags" | "isPidPrivate">[] {
  const users: readonly (readonly string[])[] = isRoot
    ? [[], ["--user", "--map-root-user"]]
    : [["--user", "--map-root-user"]];
  return [
    ...users.map((user) => ({ flags: [...user, "--net", ...ownProcesses], isPidPrivate: true })),
    ...users.map((user) => ({ flags: [...user, "--net"], isPidPrivate: false })),
  ];
}

type Programs = { readonly ip: string; readonly unshare: string; readonly nft: string | undefined };

/** One rule, in the way that a cut would set it. */
function trial(tool: CutTool, { ip, nft }: Programs): string {
  const rule = "table ip trial {\n chain input {\n type filter hook input priority 0\n counter drop\n }\n}\n";
  return tool === "nft"
    ? `${ip} link set lo up && printf '${rule.replaceAll("\n", "\\n")}' | ${nft} -f -`
    : `${ip} link set lo up && ${ip} rule add pref 100 lookup local && ${ip} rule del pref 0 && ` +
        `${ip} rule add pref 50 from 127.0.1.1 to 127.0.1.2 blackhole`;
}

function said(outcome: ShellOutcome): string {
  return outcome.type === "failed" ? outcome.reason : (outcome.stderr.trim().split("\n")[0] ?? "");
}

/** `wanted` asks for one way of cutting; otherwise nft is preferred where it is installed. Takes about 50 ms. */
export async function detectEnclosure(wanted?: CutTool): Promise<Detected> {
  const [ip, unshare, nft] = [findProgram("ip"), findProgram("unshare"), findProgram("nft")];
  if (unshare === undefined)
    return { type: "unavailable", reason: "unshare (package util-linux) is not installed." };
  if (ip === undefined) return { type: "unavailable", reason: "ip (package iproute2) is not installed." };
  if (nft === undefined && wanted === "nft")
    return { type: "unavailable", reason: "nft (package nftables) is not installed." };
  const preferred: readonly CutTool[] = nft === undefined ? ["policy-routing"] : ["nft", "policy-routing"];
  const tools = wanted === undefined ? preferred : [wanted];
  let last = "";
  for (const candidate of candidates(process.getuid?.() === 0)) {
    for (const cuts of tools) {
      const outcome = await run(unshare, [...candidate.flags, "sh", "-c", trial(cuts, { ip, unshare, nft })]);
      if (outcome.type === "exited" && outcome.code === 0)
        return { type: "available", enclosure: { ...candidate, cuts } };
      last = said(outcome);
    }
  }
  return { type: "unavailable", reason: `No private network can be made here: ${last}` };
}
