/**
 * Cuts as routing rules, with iproute2 alone: packets from one address to another are led into a black hole.
 *
 * The kernel's own rule for local addresses stands at preference 0, before all others; moved to 100 it leaves room
 * for ours at 50. Established connections hang and recover as under nft, but a new one fails at once with "invalid
 * argument" instead of timing out.
 */
import { findProgram, problemOf, run } from "../shell.ts";
import type { Done } from "./cluster.ts";
import type { HostPair } from "./nft-rules.ts";

const ruleOf = ({ from, to }: HostPair): string => `pref 50 from ${from} to ${to} blackhole`;

/** For `ip -batch -`: from one set of cuts to another, the new ones first. */
export function routeScript(before: readonly HostPair[], after: readonly HostPair[]): string {
  const [old, wanted] = [before.map(ruleOf), after.map(ruleOf)];
  const added = wanted.filter((rule) => !old.includes(rule)).map((rule) => `rule add ${rule}`);
  const removed = old.filter((rule) => !wanted.includes(rule)).map((rule) => `rule del ${rule}`);
  return [...added, ...removed, ""].join("\n");
}

async function ip(flags: readonly string[], input = ""): Promise<string | undefined> {
  return problemOf(await run(findProgram("ip") ?? "ip", flags, { input }), `ip ${flags.join(" ")}`);
}

const outcomeOf = (problem: string | undefined, evidence: string): Done =>
  problem === undefined ? { type: "done", evidence } : { type: "failed", reason: problem };

/** Makes room before the rule for local addresses. Only ever inside a private namespace. Idempotent. */
export async function makeRoomForRules(): Promise<Done> {
  const rules = await run(findProgram("ip") ?? "ip", ["rule", "show"]);
  if (rules.type === "exited" && !/^0:/m.test(rules.stdout)) return outcomeOf(undefined, "there was room");
  const problem = await ip(["-batch", "-"], "rule add pref 100 lookup local\nrule del pref 0\n");
  return outcomeOf(problem, "the rule for local addresses stands at 100");
}

/** Fails without touching what it has not reached; the caller's view of `before` then no longer holds. */
export async function setRouteCuts(before: readonly HostPair[], after: readonly HostPair[]): Promise<Done> {
  const script = routeScript(before, after);
  const problem = script === "" ? undefined : await ip(["-batch", "-"], script);
  return outcomeOf(problem, `${after.length} rules`);
}

/** Removes every rule of ours, known or not. */
export async function clearRouteCuts(): Promise<void> {
  const rules = await run(findProgram("ip") ?? "ip", ["rule", "show", "pref", "50"]);
  const count = rules.type === "exited" ? rules.stdout.split("\n").filter((line) => line !== "").length : 0;
  if (count > 0) await ip(["-batch", "-"], "rule del pref 50\n".repeat(count));
}
