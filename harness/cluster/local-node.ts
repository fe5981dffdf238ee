/**
 * One node of a cluster on this machine, made ready to be started: its directories and files, its disk, its clock, and
 * the command that runs it.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { NodeName } from "../../checkers/history/event.ts";
import { promptly } from "../prompt-start.ts";
import { findProgram } from "../shell.ts";
import type { CpuGroups } from "./cpu-groups.ts";
import { DamagedDisk } from "./damaged-disk.ts";
import type { Disks } from "./disk-choice.ts";
import { NodeDisk } from "./disk-shim.ts";
import { FileShortage } from "./file-shortage.ts";
import type { ImageDisk } from "./image-disk.ts";
import type { Links } from "./links.ts";
import type { NodeClocks } from "./node-clocks.ts";
import { nodeConfig, type ServerSettings } from "./node-config.ts";
import { type Launch, NodeProcess, type ProcessWatch } from "./node-process.ts";
import { NodeTrigger } from "./node-trigger.ts";
import type { Place } from "./place.ts";
import type { UnexpectedEnds } from "./unexpected-ends.ts";

export type LocalParts = {
  /** Exists; `nodes/` (logs, configuration, clock offsets) and `data/` are made in it. */
  readonly directory: string;
  readonly places: readonly Place[];
  /** Which of them are started only when they join. */
  readonly spares: ReadonlySet<NodeName>;
  readonly links: Links;
  readonly clocks: NodeClocks;
  readonly disks: Disks;
  /** Where processes are given shares of the processor; absent where none can be. */
  readonly cpuGroups?: CpuGroups;
  /** Bundle to run, absolute: the server's, or a mutant's. */
  readonly serverBundle: string;
  readonly settings: ServerSettings;
  readonly watch: ProcessWatch;
  /** From the start of a node to its serving (default 20 s: five at once on two busy cores). */
  readonly serveWithinMs?: number;
};

export type LocalNode = {
  readonly place: Place;
  readonly process: NodeProcess;
  readonly trigger: NodeTrigger;
  readonly offsetFile: string;
  readonly disk: NodeDisk | undefined;
  readonly image: ImageDisk | undefined;
  readonly files: FileShortage;
  readonly damaged: DamagedDisk;
  /** Once the links are open and every door is known. */
  readonly writeConfig: () => void;
};

/** Makes its directories; nothing is started, and the configuration is not written yet. */
export function localNode(parts: LocalParts, place: Place, ends: UnexpectedEnds): LocalNode {
  const { node } = place;
  const inNodes = (suffix: string): string => join(parts.directory, "nodes", `${node}.${suffix}`);
  const image = parts.disks.type === "image" ? parts.disks.images.get(node) : undefined;
  const dataDirectory = image?.dataDirectory ?? join(parts.directory, "data", node);
  mkdirSync(dataDirectory, { recursive: true });
  const configFile = inNodes("json");
  const offsetFile = inNodes("clock");
  const disk =
    parts.disks.type === "shim"
      ? new NodeDisk(parts.disks.library, `${dataDirectory}.disk`, dataDirectory)
      : undefined;
  const launch = launchOf(parts, { configFile, offsetFile, logFile: inNodes("log"), disk });
  const watch: ProcessWatch = {
    started: parts.watch.started,
    ended: (identity) => {
      parts.clocks.removeLeftovers(identity.pid);
      parts.watch.ended(identity);
    },
  };
  const writeConfig = (): void => {
    const config = nodeConfig({ ...parts, node, dataDirectory, eventLogFile: inNodes("events") });
    writeFileSync(configFile, `${JSON.stringify(config, null, 2)}\n`);
  };
  const process = new NodeProcess(node, launch, watch, ends.seen);
  const damaged = new DamagedDisk({ node, process, dataDirectory, onDamage: () => disk?.forget() });
  const trigger = new NodeTrigger(node, `http://${place.host}:${place.verificationPort}`, process);
  return {
    place,
    offsetFile,
    disk,
    image,
    writeConfig,
    process,
    trigger,
    files: new FileShortage(),
    damaged,
  };
}

function launchOf(
  parts: LocalParts,
  files: {
    readonly configFile: string;
    readonly offsetFile: string;
    readonly logFile: string;
    readonly disk: NodeDisk | undefined;
  },
): Launch {
  const { environment, nodeOptions } = parts.clocks.launch(files.offsetFile);
  const command = [
    process.execPath,
    ...promptly,
    ...nodeOptions,
    parts.serverBundle,
    "--config",
    files.configFile,
  ];
  const disk = files.disk?.environment(environment["LD_PRELOAD"]) ?? {};
  const setpriv = findProgram("setpriv");
  const guarded = setpriv === undefined ? command : [setpriv, "--pdeathsig", "KILL", ...command];
  const [program = process.execPath, ...rest] = guarded;
  return {
    program,
    arguments: rest,
    environment: { PATH: process.env["PATH"] ?? "", TIPCART_PARENT_GUARD: "1", ...environment, ...disk },
    logFile: files.logFile,
    serveWithinMs: parts.serveWithinMs ?? 20_000,
  };
}
