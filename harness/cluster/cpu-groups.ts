/**
 * A share of one processor for a node: a control group of the kernel (v1 or v2), made for it and removed at the end. The
 * kernel lets the group run for a part of each tenth of a second and then holds it back, all threads at once, while its
 * connections stay acknowledged. Never the freezer, whose processes cannot be killed.
 *
 * A group is a directory outside the run, and outlives its processes. All of a run begin with one prefix, which a
 * guardian is told of before the first is made, so that it can remove them when the harness dies.
 */
import { randomUUID } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { NodeName } from "../../checkers/history/event.ts";
import type { Done, NodeAddress } from "./cluster.ts";
import { type GroupVersion, moveInto, writeShare } from "./cpu-group-file.ts";
import type { ProcessIdentity } from "./process-identity.ts";

export type FoundGroups =
  | { readonly type: "found"; readonly groups: CpuGroups }
  | { readonly type: "none"; readonly reason: string };

type Hierarchy = { readonly version: GroupVersion; readonly mount: string };

const removeWithinMs = 5_000;
const questions = 16;
const questionMs = 1_000;
const failed = (reason: string): Done => ({ type: "failed", reason });
const wordsOf = (problem: unknown): string => (problem instanceof Error ? problem.message : String(problem));

/** Where groups of processes with a share of the processor may be, from a text such as /proc/self/mounts. */
export function hierarchiesOf(mounts: string): readonly Hierarchy[] {
  return mounts.split("\n").flatMap((line): Hierarchy[] => {
    const [, mount = "", kind, flags = ""] = line.split(" ");
    if (kind === "cgroup" && flags.split(",").includes("cpu")) return [{ version: 1, mount }];
    return kind === "cgroup2" ? [{ version: 2, mount }] : [];
  });
}

/** The group that a process is in, from its /proc/<pid>/cgroup; "/" where it is in none of its own. */
export function groupIn(text: string, version: GroupVersion): string {
  for (const line of text.split("\n")) {
    const [, controllers = "", ...path] = line.split(":");
    const isThis = version === 2 ? controllers === "" : controllers.split(",").includes("cpu");
    if (isThis && path.length > 0) return path.join(":");
  }
  return "/";
}

const groupOf = (pid: number | "self", version: GroupVersion): string =>
  groupIn(readFileSync(`/proc/${pid}/cgroup`, "utf8"), version);

/**
 * Found by making a group, giving it a share and removing it. `token`: what the names of the groups have in common
 * beside "tipcart"; another process that passes the same one finds the same groups.
 */
export function findCpuGroups(token: string = randomUUID()): FoundGroups {
  const reasons: string[] = [];
  for (const hierarchy of hierarchiesOf(readFileSync("/proc/self/mounts", "utf8"))) {
    const { version, mount } = hierarchy;
    for (const parent of new Set([join(mount, groupOf("self", version)), mount])) {
      const prefix = join(parent, `tipcart-${token}`);
      try {
        writeShare(`${prefix}-trial`, version, 50);
        rmdirSync(`${prefix}-trial`);
        return { type: "found", groups: new CpuGroups({ token, prefix, hierarchy }) };
      } catch (problem) {
        removeGroups(prefix);
        reasons.push(wordsOf(problem));
      }
    }
  }
  return { type: "none", reason: reasons[0] ?? "no hierarchy of control groups with a processor is mounted" };
}

/** Removes those groups with this prefix that have no process any more; false while one has. Never throws. */
export function removeGroups(prefix: string): boolean {
  let isClean = true;
  for (const name of namesOf(prefix)) {
    try {
      rmdirSync(join(dirname(prefix), name));
    } catch {
      isClean = false;
    }
  }
  return isClean;
}

function namesOf(prefix: string): readonly string[] {
  try {
    return readdirSync(dirname(prefix)).filter((name) => name.startsWith(`${basename(prefix)}-`));
  } catch {
    return [];
  }
}

/** The same, and waits for their processes to end, some seconds at most. Resolves with whether all are gone. */
export async function removeGroupsInTime(prefix: string): Promise<boolean> {
  const until = performance.now() + removeWithinMs;
  while (!removeGroups(prefix)) {
    if (performance.now() >= until) return false;
    await delay(10);
  }
  return true;
}

/** Gives a node some work: questions that it answers by itself. Never rejects. */
export async function occupy({ verificationUrl }: Pick<NodeAddress, "verificationUrl">): Promise<void> {
  const ask = (): Promise<unknown> =>
    fetch(`${verificationUrl}/verify/clock`, { signal: AbortSignal.timeout(questionMs) })
      .then((answer) => answer.arrayBuffer())
      .catch(() => undefined);
  await Promise.all(Array.from({ length: questions }, ask));
}

export class CpuGroups {
  readonly backend: string;
  readonly token: string;
  readonly prefix: string;
  readonly #hierarchy: Hierarchy;
  /** Where each node's process was before. */
  readonly #origins = new Map<NodeName, string>();

  constructor({
    token,
    prefix,
    hierarchy,
  }: {
    readonly token: string;
    readonly prefix: string;
    readonly hierarchy: Hierarchy;
  }) {
    this.token = token;
    this.prefix = prefix;
    this.#hierarchy = hierarchy;
    this.backend = `cgroup v${hierarchy.version}`;
  }

  /**
   * Gives the process of `node` so much of one processor. Evidence: its group as /proc tells it, and how often the
   * kernel held it back; `poke` makes it work, since whoever rests is not held back.
   */
  async limit(
    node: NodeName,
    { pid }: ProcessIdentity,
    {
      percent,
      poke,
      withinMs = 15_000,
    }: {
      readonly percent: number;
      readonly poke: () => Promise<unknown>;
      readonly withinMs?: number;
    },
  ): Promise<Done> {
    const group = this.#groupOf(node);
    const { version, mount } = this.#hierarchy;
    try {
      if (!this.#origins.has(node)) {
        const origin = join(mount, groupOf(pid, version));
        // In a container its name may be one that only the host can see.
        this.#origins.set(node, existsSync(origin) ? origin : mount);
      }
      writeShare(group, version, percent);
      moveInto(group, pid);
      if (basename(groupOf(pid, version)) !== basename(group))
        return failed(`Process ${pid} of ${node} is not in the group that it was moved into.`);
    } catch (problem) {
      return failed(`${node} cannot be given a share of the processor: ${wordsOf(problem)}.`);
    }
    const until = performance.now() + withinMs;
    while (this.#heldBack(node) === 0 && performance.now() < until) await poke();
    const count = this.#heldBack(node);
    return count === 0
      ? failed(`${node} was never held back: it asked for less than ${percent} % of a processor.`)
      : {
          type: "done",
          evidence: `process ${pid} is in ${basename(group)} with ${percent} % of a processor, and was held back in ${count} periods`,
        };
  }

  /** Moves the process back to where it was and removes the group. Evidence: how often it was held back. */
  async release(node: NodeName, identity: ProcessIdentity | undefined): Promise<Done> {
    const group = this.#groupOf(node);
    const count = this.#heldBack(node);
    const origin = this.#origins.get(node);
    try {
      if (identity !== undefined && origin !== undefined) moveInto(origin, identity.pid);
    } catch {
      // It has ended meanwhile, or the group has been given back already; what counts is that the group can go.
    }
    if (!(await removeGroupsInTime(group.slice(0, -suffix.length))))
      return failed(`The group ${group} of ${node} cannot be removed.`);
    this.#origins.delete(node);
    return { type: "done", evidence: `its group is gone, which was held back in ${count} periods` };
  }

  #groupOf(node: NodeName): string {
    return `${this.prefix}-${node}${suffix}`;
  }

  /** Periods in which it had used up its share. */
  #heldBack(node: NodeName): number {
    try {
      const stat = readFileSync(join(this.#groupOf(node), "cpu.stat"), "utf8");
      return Number(/^nr_throttled (\d+)$/m.exec(stat)?.[1] ?? 0);
    } catch {
      return 0;
    }
  }
}

/** So that the prefix of one node's group is none of another's: n1 and n10. */
const suffix = "-share";
