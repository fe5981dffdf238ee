/**
 * Wall clocks bent below the program, by libfaketime in LD_PRELOAD: works for any program, Node or not. The
 * monotonic clock and file times are left alone, so that timers go on as if nothing had happened.
 */
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type NodeClocks, replaceFile } from "./node-clocks.ts";

/** Where distributions put it: Debian by architecture, others in lib or lib64. */
function candidates(): string[] {
  const byArchitecture = existsSync("/usr/lib") ? readdirSync("/usr/lib") : [];
  const folders = [
    ...byArchitecture.map((name) => join("/usr/lib", name)),
    "/usr/lib",
    "/usr/lib64",
    "/usr/local/lib",
  ];
  return folders.map((folder) => join(folder, "faketime", "libfaketimeMT.so.1"));
}

/** Undefined where it is not installed. */
export function findLibfaketime(): string | undefined {
  return candidates().find((path) => existsSync(path));
}

/** The library makes two small files for each process and, when that is killed, leaves them. */
export function removeFaketimeFiles(pid: number): void {
  for (const name of [`faketime_shm_${pid}`, `sem.faketime_sem_${pid}`])
    rmSync(join("/dev/shm", name), { force: true });
}

export function libfaketimeClock(library: string): NodeClocks {
  return {
    backend: "libfaketime",
    launch: (offsetFile) => ({
      environment: {
        LD_PRELOAD: library,
        FAKETIME_TIMESTAMP_FILE: offsetFile,
        // Looked at once a second: to read the file at every look at the clock took a tenth of a node's CPU.
        FAKETIME_CACHE_DURATION: "1",
        FAKETIME_DONT_FAKE_MONOTONIC: "1",
        NO_FAKE_STAT: "1",
      },
      nodeOptions: [],
    }),
    removeLeftovers: removeFaketimeFiles,
    write: (offsetFile, offsetMs) =>
      replaceFile(offsetFile, `${offsetMs < 0 ? "-" : "+"}${seconds(offsetMs)}\n`),
    freeze: (offsetFile, atMs) => replaceFile(offsetFile, `${localTime(new Date(atMs))}\n`),
  };
}

const two = (count: number): string => String(count).padStart(2, "0");

/** An absolute time without a sign before it stands still; it is read in the zone of the process, which is ours. */
const localTime = (moment: Date): string => {
  const day = [moment.getFullYear(), two(moment.getMonth() + 1), two(moment.getDate())].join("-");
  return `${day} ${[moment.getHours(), moment.getMinutes(), moment.getSeconds()].map(two).join(":")}`;
};

const seconds = (offsetMs: number): string => (Math.abs(offsetMs) / 1000).toFixed(3);
