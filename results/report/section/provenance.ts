/**
 * What tells two runs apart, on the first screen: the build, the machine, the faults, and whether the load generator
 * believes its own measurements. A line each.
 */
import type { FaultRecord, RunEnvironment, RunRecord } from "../../run-record.ts";
import { count, duration, latencyOrDash } from "../../units.ts";
import { html, type Markup } from "../markup.ts";
import { faultName, faultNumber } from "../subject.ts";

/** Faults that are named; the others are counted, and in the table below. */
const namedFaults = 8;

export const provenance = (record: RunRecord): Markup =>
  html`<dl class="provenance">${[
    ["Build", `${buildText(record.environment)}, seed ${record.seed}`],
    ["Machine", machineText(record.environment)],
    ["Faults", faultsText(record)],
    ["Generator", generatorText(record)],
  ].map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;

/** "server 3f9c1d07a2b45e68, Tipcart 0.1.0 at 0562df9ab31c"; records of before do not name their build. */
export const buildText = ({ build, versions }: RunEnvironment): string => {
  const harness = `Tipcart ${versions["tipcart"] ?? "of unknown version"}`;
  if (build === undefined) return `${harness}, server's build not recorded`;
  const from = build.revision === undefined ? "" : ` at ${build.revision}`;
  return `server ${build.server}, ${harness}${from}`;
};

const machineText = ({ machine, versions }: RunEnvironment): string =>
  [
    `${machine.coreCount} × ${machine.cpuModel}`,
    `${(machine.memoryBytes / 2 ** 30).toFixed(1)} GiB`,
    `kernel ${machine.kernel}`,
    machine.architecture,
    `Node ${versions["node"] ?? "of unknown version"}`,
  ].join(", ");

const faultsText = (record: RunRecord): string => {
  const { faults } = record;
  if (faults.length === 0) return "none was planned";
  const names = faults.slice(0, namedFaults).map((fault) => faultText(record, fault));
  const more = faults.length - names.length;
  return [...names, ...(more > 0 ? [`${more} more`] : [])].join(", ");
};

/** "1 kill n2 for 5.01 s", "3 partition n1 n3 (ineffective)". */
const faultText = (record: RunRecord, fault: FaultRecord): string => {
  const name = `${faultNumber(record, fault)} ${faultName(fault)}`;
  if (fault.activeAt === null) return `${name} (${fault.state})`;
  return fault.healedAt === null
    ? `${name} to the end`
    : `${name} for ${duration((fault.healedAt - fault.activeAt) / 1_000)}`;
};

const generatorText = ({ generator, environment }: RunRecord): string => {
  const { doubts, lagMsP99, lagMsMax, achievedRate, droppedCount } = generator;
  return [
    ...(doubts === undefined
      ? []
      : [doubts.length === 0 ? "it passed its self-check" : "it failed its self-check"]),
    `own lag p99 ${latencyOrDash(lagMsP99)} and ${latencyOrDash(lagMsMax)} at most`,
    `${count(achievedRate)} requests a second`,
    `${droppedCount === 0 ? "none" : count(droppedCount)} dropped`,
    ...(environment.loadPriority === undefined ? [] : [`${environment.loadPriority} priority`]),
  ].join(", ");
};
