/** What is written to a control group of the kernel, so that a process runs with a share of one processor. */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** v1: the hierarchy of the controller `cpu` alone; v2: the unified one. */
export type GroupVersion = 1 | 2;

const periodUs = 100_000;

/** Makes the group if there is none, and never what it is in. Throws where that is not allowed. */
export function writeShare(group: string, version: GroupVersion, percent: number): void {
  const quotaUs = (periodUs * percent) / 100;
  if (!existsSync(group)) mkdirSync(group);
  if (version === 1) writeFileSync(join(group, "cpu.cfs_quota_us"), `${quotaUs}`);
  else writeFileSync(join(group, "cpu.max"), `${quotaUs} ${periodUs}`);
}

/** All threads of the process. Throws where that is not allowed, or the process is gone. */
export function moveInto(group: string, pid: number): void {
  writeFileSync(join(group, "cgroup.procs"), `${pid}`);
}
